//! People and programs of a test's desk, and calls in their names.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use helpdeskd::desk::token;
use helpdeskd::password;
use helpdeskd::store;
use helpdeskd::store::users::NewUser;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::person::Role;
use url::form_urlencoded;

use crate::support::desk::TestDesk;
use crate::support::http_client::Reply;

/// A token with its key, as the `Authorization` header has them.
#[derive(Clone, Debug)]
pub struct Key {
    pub token: String,
    pub secret: String,
    pub authorization: String,
}

impl TestDesk {
    /// Somebody who can log in with a name and a password.
    pub async fn user(&self, role: Role, name: &str, password: &str) -> UserId {
        let hash = password::hash(password, &self.app.desk().ids.bytes()).expect("a password is hashed");
        let email = format!("{name}@staff.test");
        let user = NewUser {
            role,
            email: Some(&email),
            name,
            username: Some(name),
            password_hash: Some(&hash),
            weak_password: false,
            locale: None,
        };
        let mut tx = self.app.db.write().await.expect("the database answers");
        let user = store::users::insert(&mut tx, &user, self.app.now()).await.expect("the name is free");
        tx.commit().await.expect("the row is kept");
        user.id
    }

    /// The agent of the Jutda document's samples.
    pub async fn susan(&self) -> UserId {
        self.user(Role::Agent, "susan", "fido").await
    }

    pub async fn customer(&self, email: &str, name: &str) -> UserId {
        let mut tx = self.app.db.write().await.expect("the database answers");
        let user = store::users::insert_customer(&mut tx, email, name, None, self.app.now()).await;
        tx.commit().await.expect("the row is kept");
        user.expect("the row is written").expect("the address is free").id
    }

    pub async fn token(&self) -> Key {
        let mut tx = self.app.db.write().await.expect("the database answers");
        let new = token::add(&mut tx, &self.app.desk().ids, "portal", self.app.now()).await;
        tx.commit().await.expect("the row is kept");
        let new = new.expect("the token is made");
        let encoded = BASE64_STANDARD.encode(format!("{}:{}", new.token, new.key));
        Key { token: new.token, secret: new.key, authorization: format!("Basic {encoded}") }
    }

    /// A method of the Jutda API, called by susan; what she sends besides her credentials.
    pub async fn jutda(&self, method: &str, arguments: &[(&str, &str)]) -> Reply {
        self.jutda_with(method, arguments, &[]).await
    }

    pub async fn jutda_with(
        &self,
        method: &str,
        arguments: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Reply {
        let all = [&[("user", "susan"), ("password", "fido")], arguments].concat();
        self.form(&format!("/api/{method}/"), &all, headers).await
    }

    /// A call of the Jaze API, by POST.
    pub async fn jaze(&self, key: &Key, call: &str, arguments: &[(&str, &str)]) -> Reply {
        self.form(&format!("/api/v1/{call}"), arguments, &[("Authorization", &key.authorization)]).await
    }

    pub async fn get_with(&self, key: &Key, path: &str) -> Reply {
        self.send("GET", path, &[("Authorization", &key.authorization)], b"").await
    }

    /// Posts arguments, urlencoded.
    pub async fn form(&self, path: &str, arguments: &[(&str, &str)], headers: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(arguments).finish();
        let headers = [&[("Content-Type", "application/x-www-form-urlencoded")], headers].concat();
        self.send("POST", path, &headers, body.as_bytes()).await
    }
}
