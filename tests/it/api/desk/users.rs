//! People by the Desk API: customers for whoever has the scope, everybody for administrators.

use helpdeskd::ticket::person::Role;
use serde_json::Value;
use serde_json::json;

use crate::support::desk::both;
use crate::support::programs::Sent;

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().filter_map(|item| item["name"].as_str()).collect()
}

both! {
    customers_are_made_found_and_changed(desk) {
        let caller = desk.program("customers").await;
        let made = desk.call(&caller, "POST", "/users", json!({"email": "max@customer.test", "name": "Max", "locale": "de"})).await;
        assert_eq!((made.status, &made.json()["role"], made.header("location")), (201, &json!("customer"), "/api/v2/users/1"), "{}", made.body);
        assert_eq!(desk.call(&caller, "POST", "/users", json!({"email": "max@customer.test"})).await.status, 409);
        assert_eq!(desk.call(&caller, "POST", "/users", json!({"email": "nonsense"})).await.status, 422);
        assert_eq!(names(&desk.ask(&caller, "/users?email=MAX@customer.test").await.json()), ["Max"]);
        assert_eq!(names(&desk.ask(&caller, "/users?name=ma").await.json()), ["Max"]);
        assert_eq!(names(&desk.ask(&caller, "/users?name=%25").await.json()), Vec::<&str>::new());
        let change = json!({"name": "Maximilian", "email": "m@customer.test", "addresses": ["max@customer.test", "mx@customer.test"], "locale": null});
        let changed = desk.call(&caller, "PATCH", "/users/1", change).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        let user = changed.json();
        assert_eq!((&user["name"], &user["email"], &user["locale"]), (&json!("Maximilian"), &json!("m@customer.test"), &json!(null)));
        assert_eq!(user["addresses"], json!(["max@customer.test", "mx@customer.test"]));
        assert_eq!(desk.call(&caller, "PATCH", "/users/1", json!({"enabled": false})).await.json()["enabled"], false);
        assert_eq!(desk.ask(&caller, "/users/1").await.header("etag"), desk.ask(&caller, "/users/1").await.header("etag"));
    }

    the_scope_for_customers_reaches_nobody_else(desk) {
        desk.user(Role::Agent, "susan", "fido").await;
        let (caller, admin) = (desk.program("customers").await, desk.program("customers,admin").await);
        assert_eq!(desk.ask(&caller, "/users/1").await.status, 404);
        assert_eq!(names(&desk.ask(&caller, "/users").await.json()), Vec::<&str>::new());
        assert_eq!(names(&desk.ask(&caller, "/users?email=susan@staff.test").await.json()), Vec::<&str>::new());
        assert_eq!(desk.call(&caller, "PATCH", "/users/1", json!({"name": "x"})).await.status, 404);
        let agent = json!({"email": "otto@staff.test", "name": "Otto", "role": "agent", "username": "otto"});
        assert_eq!(desk.call(&caller, "POST", "/users", agent.clone()).await.status, 422);
        assert_eq!(desk.call(&admin, "POST", "/users", agent).await.status, 201);
        assert_eq!(names(&desk.ask(&admin, "/users?role=agent").await.json()), ["susan", "Otto"]);
        assert_eq!(desk.call(&admin, "PATCH", "/users/1", json!({"role": "admin"})).await.json()["role"], "admin");
    }

    a_person_is_exported_and_erased(desk) {
        desk.customer("max@customer.test", "Max").await;
        let admin = desk.program("customers,admin").await;
        let export = desk.ask(&admin, "/users/1/export").await;
        assert!(export.status == 200 && export.body.contains("max@customer.test"), "{}", export.body);
        let tried = desk.call(&admin, "POST", "/users/1/erase?dry_run=true", Sent::default()).await;
        assert_eq!((tried.status, &tried.json()["status"]), (200, &json!(204)));
        assert_eq!(desk.ask(&admin, "/users/1").await.json()["enabled"], true);
        assert_eq!(desk.call(&admin, "POST", "/users/1/erase", Sent::default()).await.status, 204);
        for _ in 0..1000 {
            if desk.ask(&admin, "/users/1").await.json()["email"].is_null() {
                break;
            }
        }
        assert!(!desk.ask(&admin, "/users/1").await.body.contains("max"), "they are erased");
    }
}
