//! Values that no server says and that are computed from what it said, each by a named scheme.

use md5::{Digest, Md5};
use serde_json::Value;

use crate::pointer::text_at;
use crate::provider::{Computed, Scheme};

/// The value; none where something that it is made of is not there.
pub(super) fn compute(computed: &Computed, answer: &Value) -> Option<Value> {
    let parts: Option<Vec<String>> = computed.of.iter().map(|pointer| text_at(answer, pointer)).collect();
    let text = parts?.concat();
    let value = match computed.scheme {
        Scheme::Md5Base62 => base62(&Md5::digest(text).into()),
    };
    Some(Value::String(format!("{}{value}", computed.prefix)))
}

/// Big-endian, digits before capitals before small letters (GMP's alphabet); a leading zero byte stays a zero digit.
fn base62(bytes: &[u8; 16]) -> String {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    let mut number = u128::from_be_bytes(*bytes);
    while number > 0 {
        digits.push(char::from(ALPHABET[usize::try_from(number % 62).unwrap_or(0)]));
        number /= 62;
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    digits.extend(std::iter::repeat_n('0', zeros));
    digits.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_digest_is_written_in_base_62() {
        let mut bytes = [0; 16];
        bytes[15] = 62;
        assert_eq!(base62(&bytes), format!("{}10", "0".repeat(15)));
        assert_eq!(base62(&[0xff; 16]), "7n42DGM5Tflk9n8mt7Fhc7");
    }

    #[test]
    fn what_is_not_there_computes_nothing() {
        let computed = Computed {
            name: "id".to_owned(),
            scheme: Scheme::Md5Base62,
            prefix: "P".to_owned(),
            of: vec!["/a".to_owned(), "/b".to_owned()],
        };
        assert_eq!(compute(&computed, &json!({"a": "x"})), None);
        // The MD5 of "abc" is 900150983cd24fb0d6963f7d28e17f72.
        let value = compute(&computed, &json!({"a": "a", "b": "bc"})).unwrap();
        assert_eq!(value, json!(format!("P{}", base62(&0x9001_5098_3cd2_4fb0_d696_3f7d_28e1_7f72_u128.to_be_bytes()))));
    }
}
