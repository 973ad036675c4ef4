//! Keys that prove nothing, because others can sign as their owner does.

use super::Material;

/// The shortest modulus in bits (RFC 7518 section 3.3), and the longest that is checked.
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Whether a key is too weak for any algorithm. How long a secret must be depends on the algorithm.
pub(in crate::jwt) fn is_weak(material: &Material) -> bool {
    match material {
        Material::Rsa { n, e } => !BITS.contains(&bits(n)) || is_one_or_even(e) || is_even(n) || is_of_roca(n),
        Material::Secret(_) | Material::Public(..) => false,
    }
}

fn bits(n: &[u8]) -> usize {
    n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize)
}

fn is_even(number: &[u8]) -> bool {
    number.last().is_none_or(|last| last % 2 == 0)
}

/// With the exponent 1 every text is its own signature.
fn is_one_or_even(e: &[u8]) -> bool {
    is_even(e) || e == [1]
}

/// The primes by which the moduli of a faulty library are known (CVE-2017-15361, “ROCA”): modulo each of them, such a
/// modulus is a power of 65537. Another is by chance once in 2^154.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

fn is_of_roca(n: &[u8]) -> bool {
    let is_power = |prime: u32| {
        let rest = n.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        let mut power = 1;
        (0..prime).any(|_| {
            power = power * (65537 % prime) % prime;
            power == rest
        })
    };
    PRIMES.into_iter().all(is_power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rsa(n: Vec<u8>, e: Vec<u8>) -> Material {
        Material::Rsa { n, e }
    }

    #[test]
    fn g2_short_even_and_trivial_rsa_keys_prove_nothing() {
        let n = |length: usize| [vec![0xc5; length - 1], vec![0x53]].concat();
        assert!(!is_weak(&rsa(n(256), vec![1, 0, 1])));
        assert!(is_weak(&rsa(n(128), vec![1, 0, 1])), "1024 bit");
        assert!(is_weak(&rsa(n(1025), vec![1, 0, 1])), "more than 8192 bit");
        assert!(is_weak(&rsa(n(256), vec![1])), "exponent 1");
        assert!(is_weak(&rsa(n(256), vec![2])), "even exponent");
        assert!(is_weak(&rsa(n(256), vec![])), "no exponent");
        assert!(is_weak(&rsa([n(256), vec![0]].concat(), vec![3])), "even modulus");
    }

    #[test]
    fn g2_the_fingerprint_of_roca_is_known() {
        // A power of 65537 is one modulo every prime.
        let powers = [1, 65537, 65537 * 65537_u64];
        assert!(powers.iter().all(|power| is_of_roca(&power.to_be_bytes())));
        assert!(!is_of_roca(&[0xc5; 256]));
    }
}
