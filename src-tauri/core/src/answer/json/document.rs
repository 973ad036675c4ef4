//! Documents for tests, of which it is known what stands in them.

use crate::answer::view::{JsonKind, JsonRow};

/// Numbers that look like chance and are the same each time.
pub struct Chance(pub u64);

impl Chance {
    /// One that is less than this.
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// A document and all its rows, when everything is open.
#[derive(Default)]
pub struct Document {
    /// As it is written.
    pub text: String,
    /// Its rows.
    pub rows: Vec<JsonRow>,
    /// The pointer of each.
    pub pointers: Vec<String>,
}

impl Document {
    fn space(&mut self, chance: &mut Chance) {
        let spaces = ["", "", "", " ", "\n", "\r\n\t  "];
        self.text.push_str(spaces[chance.below(6) as usize]);
    }

    /// So many members at the outermost level.
    pub fn of(members: u64, chance: &mut Chance) -> Self {
        let mut document = Self::default();
        document.space(chance);
        let row = document.row(0, None, None, JsonKind::Array, "", String::new());
        document.text.push('[');
        for number in 0..members {
            let comma = if number == 0 { "" } else { "," };
            document.text.push_str(comma);
            document.member(1, None, Some(number), format!("/{number}"), chance);
        }
        document.text.push(']');
        document.rows[row].children = Some(members);
        document.space(chance);
        document
    }

    fn row(
        &mut self,
        depth: u32,
        name: Option<String>,
        index: Option<u64>,
        kind: JsonKind,
        text: &str,
        pointer: String,
    ) -> usize {
        let (row, offset) = (self.rows.len() as u64, self.text.len() as u64);
        let open = matches!(kind, JsonKind::Object | JsonKind::Array);
        let text = text.to_owned();
        let (children, cut, repeated) = (None, false, false);
        self.rows.push(JsonRow { row, offset, depth, name, index, kind, text, cut, children, open, repeated });
        self.pointers.push(pointer);
        row as usize
    }

    fn member(&mut self, depth: u32, name: Option<String>, index: Option<u64>, pointer: String, chance: &mut Chance) {
        self.space(chance);
        let scalars = [
            ("null", JsonKind::Null),
            ("false", JsonKind::Boolean),
            ("true", JsonKind::Boolean),
            ("-0.00e+7", JsonKind::Number),
            ("123456789012345678901234567890.10", JsonKind::Number),
            (r#""a \"[{,\\ \u00fc ü 😀""#, JsonKind::String),
            ("\"\"", JsonKind::String),
        ];
        let kind = chance.below(if depth < 6 { 10 } else { 7 }) as usize;
        if let Some((text, kind)) = scalars.get(kind) {
            self.row(depth, name, index, *kind, text, pointer);
            self.text.push_str(text);
        } else {
            let (is_object, members) = (kind.is_multiple_of(2), chance.below(6));
            let kind = if is_object { JsonKind::Object } else { JsonKind::Array };
            let row = self.row(depth, name, index, kind, "", pointer.clone());
            self.text.push(if is_object { '{' } else { '[' });
            for number in 0..members {
                if number > 0 {
                    self.text.push(',');
                    self.space(chance);
                }
                let name = is_object.then(|| format!("n~{number}/ü"));
                let inner = if is_object { format!("n~0{number}~1ü") } else { number.to_string() };
                if is_object {
                    self.text.push_str(&format!("\"n~{number}/\\u00fc\""));
                    self.space(chance);
                    self.text.push(':');
                }
                self.member(depth + 1, name, (!is_object).then_some(number), format!("{pointer}/{inner}"), chance);
            }
            self.space(chance);
            self.text.push(if is_object { '}' } else { ']' });
            self.rows[row].children = Some(members);
        }
        self.space(chance);
    }
}
