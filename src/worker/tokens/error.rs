//! Why there is no access token, in sentences that hold no secret and no address.

/// Why there is no access token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("{0}")]
    Secret(String),
    #[error("no access token: {0}")]
    Net(String),
    #[error("the token server {host} refuses: {code}{}", advice(code))]
    Refused { host: String, code: String },
    #[error("the token server {host} answers with status {status}")]
    Status { host: String, status: u16 },
    #[error("the answer of the token server {host} {what}")]
    Answer { host: String, what: &'static str },
    #[error("another process is fetching a token for this account")]
    Busy,
    #[error("a refresh token cannot be stored: {0}")]
    Store(String),
    #[error("fetching a token was broken off")]
    BrokenOff,
}

fn advice(code: &str) -> &'static str {
    match code {
        "invalid_grant" => " (the consent has ended; get a new `refresh_token`)",
        "invalid_client" | "unauthorized_client" => " (check `client_id` and `client_secret`)",
        "invalid_scope" => " (check `scope`)",
        _ => "",
    }
}
