//! The providers that are known: those built in, and those that the person added. A file with a mistake is set aside with
//! the reasons and stops no other.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::{fs, io};

use serde::Serialize;
use specta::Type;

use super::check::{Problem, ProviderCheck, check};
use super::schema::Provider;
use crate::error::{Error, ErrorCode, Result};
use crate::paths::write_whole;

/// The built-in files. This list, the sandbox and the tests are the only places that name a provider.
static BUILT_IN: [BuiltIn; 6] = [
    BuiltIn::new("relay", include_str!("../../../providers/relay.toml")),
    BuiltIn::new("image-relay", include_str!("../../../providers/image-relay.toml")),
    BuiltIn::new("spoke-zone", include_str!("../../../providers/spoke-zone.toml")),
    BuiltIn::new("wazo", include_str!("../../../providers/wazo.toml")),
    BuiltIn::new("world-of-workflows", include_str!("../../../providers/world-of-workflows.toml")),
    BuiltIn::new("another-api", include_str!("../../../providers/another-api.toml")),
];

/// A built-in file. It is read when somebody first asks for it: a command needs one of them. A test checks them all.
struct BuiltIn {
    id: &'static str,
    text: &'static str,
    read: OnceLock<Option<Arc<Provider>>>,
}

impl BuiltIn {
    const fn new(id: &'static str, text: &'static str) -> Self {
        Self { id, text, read: OnceLock::new() }
    }

    fn provider(&self) -> Option<Arc<Provider>> {
        self.read.get_or_init(|| toml::from_str(self.text).ok().map(Arc::new)).clone()
    }

    fn known(&self) -> Option<Known> {
        Some(Known { provider: self.provider()?, text: self.text.to_owned(), file: None })
    }
}

/// More than any provider file needs.
const LARGEST: u64 = 512 * 1024;

/// A provider and the file that it is.
#[derive(Clone)]
pub struct Known {
    /// The provider.
    pub provider: Arc<Provider>,
    /// Its text.
    pub text: String,
    /// The name of the file, where the person added it.
    file: Option<String>,
}

impl Known {
    /// Whether the person added it.
    pub fn own(&self) -> bool {
        self.file.is_some()
    }
}

/// A provider file that cannot be used.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SetAside {
    /// The name of the file.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Why.
    pub problems: Vec<Problem>,
}

/// The providers that are known.
pub struct Registry {
    folder: Option<PathBuf>,
    all: RwLock<All>,
}

/// What the person's folder has.
#[derive(Default)]
struct All {
    own: Vec<Known>,
    set_aside: Vec<SetAside>,
}

impl Registry {
    /// The built-in providers alone.
    #[cfg(test)]
    pub fn built_in() -> Self {
        Self { folder: None, all: RwLock::default() }
    }

    /// The built-in providers, and those in a folder, which need not be there.
    ///
    /// # Errors
    /// When the system refuses to read the folder.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        let all = All::of(&folder)?;
        Ok(Self { folder: Some(folder), all: RwLock::new(all) })
    }

    /// All of them: the built-in ones in their order, then the person's own by name.
    pub fn all(&self) -> Vec<Known> {
        BUILT_IN.iter().filter_map(BuiltIn::known).chain(self.read().own.iter().cloned()).collect()
    }

    /// The files that cannot be used.
    pub fn set_aside(&self) -> Vec<SetAside> {
        self.read().set_aside.clone()
    }

    /// The provider with this id.
    ///
    /// # Errors
    /// `unknown_provider`.
    pub fn get(&self, id: &str) -> Result<Arc<Provider>> {
        match built_in(id) {
            Some(file) => file.provider().ok_or_else(|| unknown(id)),
            None => self.own(id, |known| known.provider.clone()),
        }
    }

    /// The provider with this id, and its file.
    ///
    /// # Errors
    /// `unknown_provider`.
    pub fn known(&self, id: &str) -> Result<Known> {
        match built_in(id) {
            Some(file) => file.known().ok_or_else(|| unknown(id)),
            None => self.own(id, Known::clone),
        }
    }

    fn own<T>(&self, id: &str, take: impl FnOnce(&Known) -> T) -> Result<T> {
        let all = self.read();
        all.own.iter().find(|known| known.provider.id == id).map(take).ok_or_else(|| unknown(id))
    }

    /// What a text is, and whether it could be added, in place of `replaces`.
    pub fn check(&self, text: &str, replaces: Option<&str>) -> (ProviderCheck, Option<Provider>) {
        let (mut checked, provider) = check(text);
        let taken = checked.id.as_deref().and_then(|id| self.known(id).ok());
        let taken = taken.filter(|known| !known.own() || Some(known.provider.id.as_str()) != replaces);
        if let Some(known) = taken {
            let message = format!("The id is taken by {}.", known.provider.name);
            let suggestion = Some(self.free_id(&known.provider.id));
            let line = text.lines().position(|line| line.starts_with("id")).unwrap_or(0);
            let line = u32::try_from(line + 1).unwrap_or(1);
            checked.problems.push(Problem { line, key: "id".to_owned(), message, suggestion });
        }
        let provider = provider.filter(|_| checked.problems.is_empty());
        (checked, provider)
    }

    /// Adds a provider, or puts it in place of the person's own one `replaces`, or of a file that was set aside.
    ///
    /// # Errors
    /// `provider_faulty`, or `internal` when the file cannot be written.
    pub fn save(&self, text: &str, replaces: Option<&str>, mends: Option<&str>) -> Result<Known> {
        let (checked, provider) = self.check(text, replaces);
        let Some(provider) = provider else {
            let first = checked.problems.first();
            let why = first.map_or_else(String::new, |problem| format!("Line {}: {}", problem.line, problem.message));
            return Err(Error { field: Some("text".to_owned()), ..Error::new(ErrorCode::ProviderFaulty, why) });
        };
        let folder = self.folder()?;
        let old = replaces.and_then(|id| self.known(id).ok()).and_then(|known| known.file);
        let mends = mends.filter(|file| self.set_aside().iter().any(|set_aside| set_aside.file == *file));
        let replaced: Vec<String> = old.into_iter().chain(mends.map(str::to_owned)).collect();
        let file = self.free_file(&provider.id, &replaced);
        let written = fs::create_dir_all(folder).and_then(|()| write_whole(&folder.join(&file), text.as_bytes()));
        written.map_err(|error| Error::internal("save the provider", error))?;
        // Only when the new one is there. On some disks names differ in more than their case, or not at all.
        for old in replaced.iter().filter(|old| !old.eq_ignore_ascii_case(&file)) {
            self.delete(old)?;
        }
        self.reload()?;
        self.known(&provider.id)
    }

    /// Removes one of the person's own providers.
    ///
    /// # Errors
    /// `unknown_provider`, `invalid_input` for a built-in one, or `internal` when the file cannot be deleted.
    pub fn remove(&self, id: &str) -> Result<()> {
        let file = self.known(id)?.file;
        let file = file.ok_or_else(|| Error::input("provider", "A provider that is built in stays."))?;
        self.delete(&file)?;
        self.reload()
    }

    /// Deletes a file that was set aside.
    ///
    /// # Errors
    /// `invalid_input` when there is no such file, or `internal` when it cannot be deleted.
    pub fn remove_set_aside(&self, file: &str) -> Result<()> {
        if !self.set_aside().iter().any(|set_aside| set_aside.file == file) {
            return Err(Error::input("file", format!("There is no file “{file}” that was set aside.")));
        }
        self.delete(file)?;
        self.reload()
    }

    /// Reads the folder again.
    ///
    /// # Errors
    /// `internal` when the system refuses to read it.
    pub fn reload(&self) -> Result<()> {
        let all = All::of(self.folder()?).map_err(|error| Error::internal("read the providers", error))?;
        *self.all.write().unwrap_or_else(PoisonError::into_inner) = all;
        Ok(())
    }

    /// A name that no other file has than those that are replaced.
    fn free_file(&self, id: &str, replaced: &[String]) -> String {
        let all = self.read();
        let names = all.own.iter().filter_map(|known| known.file.as_ref());
        let names: Vec<&String> = names.chain(all.set_aside.iter().map(|set_aside| &set_aside.file)).collect();
        let taken =
            |file: &String| names.iter().any(|name| name.eq_ignore_ascii_case(file) && !replaced.contains(name));
        let numbered = (2..).map(|number| format!("{id}-{number}.toml"));
        std::iter::once(format!("{id}.toml")).chain(numbered).find(|file| !taken(file)).unwrap_or_default()
    }

    fn free_id(&self, id: &str) -> String {
        let taken = |id: &String| self.known(id).is_ok();
        (2..).map(|number| format!("{id}-{number}")).find(|id| !taken(id)).unwrap_or_default()
    }

    fn delete(&self, file: &str) -> Result<()> {
        // A name, never a path.
        let name = Path::new(file).file_name().filter(|name| name.to_str() == Some(file));
        let Some(name) = name else { return Err(Error::input("file", "This is not a name for a file.")) };
        match fs::remove_file(self.folder()?.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::internal("delete the provider file", error))
            }
            _ => Ok(()),
        }
    }

    fn folder(&self) -> Result<&PathBuf> {
        self.folder.as_ref().ok_or_else(|| Error::new(ErrorCode::Internal, "There is no folder for providers."))
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, All> {
        self.all.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl All {
    fn of(folder: &Path) -> io::Result<Self> {
        let mut all = Self::default();
        let mut files = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(all),
            entries => entries?.collect::<io::Result<Vec<_>>>()?,
        };
        files.retain(|file| file.path().extension().is_some_and(|extension| extension == "toml"));
        files.sort_by_key(fs::DirEntry::file_name);
        for file in files {
            let name = file.file_name().to_string_lossy().into_owned();
            match read_text(&file.path()) {
                Ok(text) => all.take(name, text),
                Err(why) => all.put_aside(name, String::new(), vec![unreadable(&why)]),
            }
        }
        Ok(all)
    }

    fn take(&mut self, file: String, text: String) {
        let (mut checked, provider) = check(&text);
        let is_taken = |id: &&String| built_in(id).is_some() || self.own.iter().any(|known| &known.provider.id == *id);
        if let Some(id) = checked.id.as_ref().filter(is_taken) {
            checked.problems.push(unreadable(&format!("The id “{id}” is taken by another provider.")));
        }
        match provider.filter(|_| checked.problems.is_empty()) {
            Some(provider) => self.own.push(Known { provider: Arc::new(provider), text, file: Some(file) }),
            None => self.put_aside(file, text, checked.problems),
        }
    }

    fn put_aside(&mut self, file: String, text: String, problems: Vec<Problem>) {
        tracing::warn!(file, problems = problems.len(), "a provider file is set aside");
        self.set_aside.push(SetAside { file, text, problems });
    }
}

fn built_in(id: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|file| file.id == id)
}

fn unknown(id: &str) -> Error {
    Error::new(ErrorCode::UnknownProvider, format!("There is no provider “{id}”."))
}

fn read_text(path: &Path) -> std::result::Result<String, String> {
    let size = fs::metadata(path).map(|metadata| metadata.len()).unwrap_or_default();
    if size > LARGEST {
        return Err("The file is larger than 512 KiB.".to_owned());
    }
    let bytes = fs::read(path).map_err(|error| format!("The file cannot be read: {error}."))?;
    String::from_utf8(bytes).map_err(|_| "The file is no text in UTF-8.".to_owned())
}

fn unreadable(message: &str) -> Problem {
    Problem { line: 1, key: String::new(), message: message.to_owned(), suggestion: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_file_is_good() {
        for file in &BUILT_IN {
            let (checked, provider) = check(file.text);
            assert_eq!(checked.problems, [], "{}", file.id);
            assert_eq!(provider.unwrap().id, file.id);
        }
        assert_eq!(Registry::built_in().all().len(), BUILT_IN.len());
    }

    #[test]
    fn a_file_with_a_mistake_is_set_aside_and_the_others_work() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("broken.toml"), "id = \"broken\"\ncolour = 1\n").unwrap();
        fs::write(home.path().join("copy.toml"), BUILT_IN[0].text.replacen("id = \"relay\"", "id = \"mine\"", 1))
            .unwrap();
        fs::write(home.path().join("binary.toml"), [0xff, 0xfe]).unwrap();
        let registry = Registry::open(home.path().to_owned()).unwrap();
        assert_eq!(registry.all().len(), BUILT_IN.len() + 1);
        let files: Vec<String> = registry.set_aside().into_iter().map(|file| file.file).collect();
        assert_eq!(files, ["binary.toml", "broken.toml"]);
        registry.remove_set_aside("broken.toml").unwrap();
        assert!(registry.remove_set_aside("../mine.toml").is_err());
        registry.remove("mine").unwrap();
        assert!(registry.get("mine").is_err());
        assert!(registry.remove("relay").is_err());
    }

    #[test]
    fn saving_a_provider_leaves_every_other_file_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let other = BUILT_IN[0].text.replacen("id = \"relay\"", "id = \"other\"", 1);
        fs::write(home.path().join("acme.toml"), &other).unwrap();
        let registry = Registry::open(home.path().to_owned()).unwrap();
        let acme = BUILT_IN[0].text.replacen("id = \"relay\"", "id = \"acme\"", 1);
        registry.save(&acme, None, Some("acme.toml")).unwrap();
        assert_eq!(registry.known("other").unwrap().text, other);
        assert_eq!(registry.known("acme").unwrap().text, acme);
    }

    #[test]
    fn an_id_that_is_taken_is_a_problem_with_a_free_one_as_suggestion() {
        let registry = Registry::built_in();
        let (checked, provider) = registry.check(BUILT_IN[0].text, None);
        assert!(provider.is_none());
        assert_eq!(checked.problems[0].suggestion.as_deref(), Some("relay-2"));
    }
}
