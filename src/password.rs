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
