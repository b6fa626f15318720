//! The Jutda Helpdesk API: how it is reached, who may call it, and in which order a call is checked.

use helpdeskd::store;
use helpdeskd::ticket::person::Role;

use crate::support::desk::both;
use crate::support::http_client::Reply;

fn plain(reply: &Reply) -> (u16, &str, &str) {
    (reply.status, reply.header("content-type"), &reply.body)
}

const TEXT: &str = "text/plain; charset=utf-8";
const REFUSED: (u16, &str, &str) = (403, TEXT, "Invalid username or password");

both! {
    methods_answer_with_and_without_the_final_slash(desk) {
        desk.susan().await;
        for path in ["/api/list_queues/", "/api/list_queues"] {
            let reply = desk.form(path, &[("user", "susan"), ("password", "fido")], &[]).await;
            assert_eq!((reply.status, reply.header("content-type")), (200, "text/json"));
        }
    }

    the_help_page_needs_no_credentials_and_names_this_server(desk) {
        for path in ["/api/", "/api/help/", "/api/help", "/api"] {
            let page = desk.get(path).await;
            assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
            for method in [
                "create_ticket", "delete_ticket", "hold_ticket", "unhold_ticket", "add_followup", "resolve", "list_queues", "find_user",
            ] {
                assert!(page.body.contains(&format!("http://127.0.0.1:8080/api/{method}/")), "{method}: {}", page.body);
            }
        }
    }

    a_verb_other_than_post_is_told_first(desk) {
        for verb in ["GET", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"] {
            for path in ["/api/hold_ticket/", "/api/no_such_method/"] {
                let reply = desk.send(verb, path, &[], b"").await;
                let body = if verb == "HEAD" { "" } else { "Invalid request method" };
                assert_eq!(plain(&reply), (405, TEXT, body), "{verb}");
                assert_eq!(reply.header("allow"), "POST");
            }
        }
    }

    credentials_come_before_the_method_and_its_arguments(desk) {
        desk.susan().await;
        for method in ["hold_ticket", "no_such_method", "create_ticket", "find_user"] {
            let path = format!("/api/{method}/");
            assert_eq!(plain(&desk.form(&path, &[("ticket", "1")], &[]).await), REFUSED);
            assert_eq!(plain(&desk.form(&path, &[("user", "susan"), ("password", "dog")], &[]).await), REFUSED);
            assert_eq!(plain(&desk.form(&path, &[("user", "Susan"), ("password", "fido")], &[]).await), REFUSED);
        }
        assert_eq!(plain(&desk.jutda("no_such_method", &[]).await), (400, TEXT, "Invalid method"));
        assert_eq!(plain(&desk.jutda("hold/ticket", &[]).await), (400, TEXT, "Invalid method"));
    }

    username_stands_for_user_except_where_it_is_the_argument(desk) {
        let id = desk.susan().await;
        let susan = [("username", "susan"), ("password", "fido")];
        assert_eq!(desk.form("/api/list_queues/", &susan, &[]).await.status, 200);
        assert_eq!(plain(&desk.form("/api/find_user/", &susan, &[]).await), REFUSED);
        let both = [("username", "nobody"), ("user", "susan"), ("password", "fido")];
        assert_eq!(desk.form("/api/list_queues/", &both, &[]).await.status, 200);
        assert_eq!(desk.jutda("find_user", &[("username", "susan")]).await.body, id.to_string());
    }

    only_active_agents_and_administrators_may_call(desk) {
        let admin = desk.user(Role::Admin, "ada", "lovelace").await;
        desk.user(Role::Customer, "carl", "secret").await;
        let ada = [("user", "ada"), ("password", "lovelace")];
        assert_eq!(desk.form("/api/list_queues/", &ada, &[]).await.status, 200);
        let carl = [("user", "carl"), ("password", "secret")];
        assert_eq!(plain(&desk.form("/api/list_queues/", &carl, &[]).await), REFUSED);
        let mut tx = desk.app.db.write().await.unwrap();
        store::users::disable(&mut tx, admin, desk.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(plain(&desk.form("/api/list_queues/", &ada, &[]).await), REFUSED);
    }

    multipart_bodies_are_read_and_other_types_are_not(desk) {
        desk.susan().await;
        let part = |name: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = [part("user", "susan"), part("password", "fido"), "--b--\r\n".to_owned()].concat();
        let path = "/api/list_queues/";
        let multipart = ("Content-Type", "multipart/form-data; boundary=b");
        assert_eq!(desk.send("POST", path, &[multipart], body.as_bytes()).await.status, 200);
        let none = desk.send("POST", path, &[], b"user=susan&password=fido").await;
        assert_eq!(none.status, 200, "a body without a type is a form");
        let json = ("Content-Type", "application/json");
        let reply = desk.send("POST", path, &[json], br#"{"user": "susan", "password": "fido"}"#).await;
        assert_eq!(plain(&reply), REFUSED);
        let broken = desk.send("POST", path, &[multipart], b"--b\r\nContent-Dis").await;
        assert_eq!((broken.status, broken.header("content-type")), (400, TEXT));
    }

    nothing_is_read_from_the_query_string(desk) {
        desk.susan().await;
        let reply = desk.form("/api/list_queues/?user=susan&password=fido", &[], &[]).await;
        assert_eq!(plain(&reply), REFUSED);
        let reply = desk.form("/api/hold_ticket/?ticket=1", &[("user", "susan"), ("password", "fido")], &[]).await;
        assert_eq!(plain(&reply), (404, TEXT, "Invalid ticket ID"));
    }

    the_api_can_be_mounted_elsewhere(desk, "[http]" => "[http]\njutda_mount = \"/helpdesk\"") {
        desk.susan().await;
        let susan = [("user", "susan"), ("password", "fido")];
        assert_eq!(desk.form("/helpdesk/api/list_queues", &susan, &[]).await.status, 200);
        assert_eq!(desk.form("/api/list_queues", &susan, &[]).await.status, 404);
        assert!(desk.get("/helpdesk/api/").await.body.contains("http://127.0.0.1:8080/helpdesk/api/resolve/"));
    }
}
