//! Passwords as argon2id hashes (RFC 9106).
//!
//! Both ways cost some 20 ms and 19 MiB: callers in the daemon run them on a blocking thread, a few at
//! a time. Who may log in, and how often he may try, is decided elsewhere.

use std::fmt;

use argon2::Algorithm;
use argon2::Argon2;
use argon2::Block;
use argon2::Params;
use argon2::Version;
use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use subtle::ConstantTimeEq;
use zxcvbn::Score;
use zxcvbn::zxcvbn;

/// Fewest characters of a password (NIST SP 800-63B-4 §3.1.1.2 wants 15 where nothing else is asked for, and 8 at least).
pub const SHORTEST: usize = 12;

/// Why a password is easy to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    #[error("a password has at least {SHORTEST} characters")]
    Short,
    #[error(
        "that password is easy to guess: it is one of those that many have, or made of few words, a row or a date"
    )]
    Common,
}

/// What is wrong with a password of somebody about whom these words are known.
pub fn weakness(password: &str, about: &[&str]) -> Option<Weakness> {
    if password.chars().count() < SHORTEST {
        return Some(Weakness::Short);
    }
    (zxcvbn(password, about).score() < Score::Three).then_some(Weakness::Common)
}

/// The hash could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the password cannot be hashed")]
pub struct HashError;

/// The hash to store, in PHC form; `salt` is random.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, HashError> {
    let hash: PasswordHash =
        Argon2::default().hash_password_with_salt(password.as_bytes(), salt).map_err(|_| HashError)?;
    Ok(hash.to_string())
}

/// Memory to hash in, used again and again.
///
/// Taken anew for each password, the allocator would in the end keep 19 MiB for every thread that ever hashed.
#[derive(Default)]
pub(crate) struct Workspace(Vec<Block>);

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace").finish_non_exhaustive()
    }
}

/// Whether `password` is the one that was hashed, compared in constant time.
pub fn verify(password: &str, stored: &str) -> bool {
    verify_in(&mut Workspace::default(), password, stored)
}

/// As [`verify`], in memory that is kept.
pub(crate) fn verify_in(workspace: &mut Workspace, password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|stored| compare(password, &stored, workspace).unwrap_or(false))
}

/// None for a hash that is not argon2's, or not whole.
fn compare(password: &str, stored: &PasswordHash, workspace: &mut Workspace) -> Option<bool> {
    let algorithm = Algorithm::new(stored.algorithm.as_str()).ok()?;
    let version = stored.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    let params = Params::try_from(stored).ok()?;
    let (salt, expected) = (stored.salt.as_ref()?, stored.hash.as_ref()?);
    let needed = params.block_count();
    if workspace.0.len() < needed {
        workspace.0 = vec![Block::default(); needed];
    }
    let mut computed = vec![0; expected.as_bytes().len()];
    Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(
            password.as_bytes(),
            salt.as_ref(),
            &mut computed,
            &mut workspace.0[..],
        )
        .ok()?;
    Some(computed.ct_eq(expected.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_is_short_or_that_others_try_first_is_weak() {
        for short in ["", "fido", "Tr0ub4dor&3", "äöüäöüäöüäö"] {
            assert_eq!(weakness(short, &[]), Some(Weakness::Short), "{short}");
        }
        for common in
            ["123456789012", "passwordpassword", "qwertyuiop123", "aaaaaaaaaaaaaaa", "susan@example.com"]
        {
            assert_eq!(weakness(common, &["susan", "susan@example.com"]), Some(Weakness::Common), "{common}");
        }
        for fair in
            ["correct-horse-battery", "vier Möwen am Kanal", "k8#Qm2!vXz4p", "これはながいひみつのことばです"]
        {
            assert_eq!(weakness(fair, &["susan", "susan@example.com"]), None, "{fair}");
        }
    }

    #[test]
    fn only_the_password_itself_fits_its_hash() {
        let stored = hash("open sesame", &[7; 16]).unwrap();
        let mut workspace = Workspace::default();
        let mut verify = |password: &str, stored: &str| verify_in(&mut workspace, password, stored);
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("open sesame", &stored));
        assert!(!verify("open Sesame", &stored));
        assert!(!verify("", &stored) && !verify("open sesame", "") && !verify("x", "$argon2id$broken"));
    }
}
