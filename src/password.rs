//! Passwords as argon2id hashes (RFC 9106).
//!
//! Both functions cost some 20 ms and 19 MiB: callers in the daemon run them on a blocking thread, a few at
//! a time. Who may log in, and how often he may try, is decided elsewhere.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;

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

/// Whether `password` is the one that was hashed, compared in constant time.
pub fn verify(password: &str, stored: &str) -> bool {
    let Ok(stored) = PasswordHash::new(stored) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &stored).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_fits_its_hash() {
        let stored = hash("open sesame", &[7; 16]).unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("open sesame", &stored));
        assert!(!verify("open Sesame", &stored));
        assert!(!verify("", &stored) && !verify("open sesame", "") && !verify("x", "$argon2id$broken"));
    }
}
