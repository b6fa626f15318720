//! Programs that are not ours: the documents' own samples, the examples in `docs/`, and Schemathesis.

use std::path::Path;
use std::process::Stdio;

use helpdeskd::store::db::Db;
use helpdeskd::worker;
use serde_json::Value;
use tokio::process::Command;

use crate::support::desk::TestDesk;
use crate::support::desk::both;
use crate::support::people::Key;
use crate::support::servers;

/// What the desk's own address is in documents.
const PRINTED: &str = "http://127.0.0.1:8080";

/// Runs a script with `$TOKEN` and `$KEY`, against this desk; what it prints.
async fn run(desk: &TestDesk, key: &Key, program: &str, arguments: &[&str], script: &str) -> String {
    let script = script.replace(PRINTED, &format!("http://{}", desk.address));
    let mut command = Command::new(program);
    command.args(arguments).arg(script).env("TOKEN", &key.token).env("KEY", &key.secret);
    let output =
        command.env_remove("http_proxy").stdin(Stdio::null()).output().await.expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

async fn bash(desk: &TestDesk, key: &Key, script: &str) -> String {
    run(desk, key, "bash", &["-euo", "pipefail", "-c"], script).await
}

/// Each block of shell in a document, with the language and text of the block after it.
fn examples(document: &str) -> Vec<(String, String, String)> {
    let mut blocks = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((language.to_owned(), text.join("\n")));
        }
    }
    let pairs = blocks.windows(2).filter(|pair| pair[0].0 == "sh");
    pairs.map(|pair| (pair[0].1.clone(), pair[1].0.clone(), pair[1].1.clone())).collect()
}

/// Runs all examples of a document in order, and compares what they print with what the document says.
async fn hold_to_its_word(desk: &TestDesk, file: &str, least: usize) {
    desk.susan().await;
    desk.customer("max@customer.test", "Max").await;
    let key = desk.token().await;
    let caller = desk.program("read,write,customers").await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(file);
    let examples = examples(&std::fs::read_to_string(path).expect("the document is there"));
    assert!(examples.len() >= least, "{file} has only {} examples", examples.len());
    for (script, language, expected) in examples {
        let script = format!("DESK={}\n{script}", caller.bearer.trim_start_matches("Bearer "));
        let printed = bash(desk, &key, &script).await;
        if language == "json" {
            let json = |text: &str| serde_json::from_str::<Value>(text).expect("it is JSON");
            assert_eq!(json(&printed), json(&expected), "{script}");
        } else {
            assert_eq!(printed, expected, "{script}");
        }
    }
}

/// The samples on the help page: what stands in its `pre` elements.
async fn samples(desk: &TestDesk) -> Vec<String> {
    let page = desk.get("/api/help/").await.body;
    let inside = page.split("<pre>").skip(1).filter_map(|rest| rest.split_once("</pre>"));
    let plain = |text: &str| {
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    };
    inside.map(|(sample, _)| plain(sample)).collect()
}

/// Makes the number of the next ticket the one that the samples have.
async fn skip_to(desk: &TestDesk, number: i64) {
    desk.jutda("create_ticket", &[("queue", "1"), ("title", "first")]).await;
    let statement = match &desk.app.db {
        Db::Sqlite { .. } => {
            format!("update sqlite_sequence set seq = {} where name = 'tickets'", number - 1)
        }
        Db::Postgres(_) => format!("alter table tickets alter column id restart with {number}"),
    };
    let statement = sqlx::AssertSqlSafe(statement);
    match &desk.app.db {
        Db::Sqlite { write, .. } => sqlx::raw_sql(statement).execute(write).await.map(drop),
        Db::Postgres(pool) => sqlx::raw_sql(statement).execute(pool).await.map(drop),
    }
    .expect("the sequence moves");
    let reply = desk.jutda("create_ticket", &[("queue", "1"), ("title", "sample")]).await;
    assert_eq!(reply.body, number.to_string());
}

both! {
    the_curl_line_and_the_php_sample_work_as_printed(desk) {
        desk.susan().await;
        let key = desk.token().await;
        skip_to(&desk, 31794).await;
        let samples = samples(&desk).await;
        let [curl, php] = samples.as_slice() else { panic!("there are two samples: {samples:?}") };
        assert!(curl.starts_with("/usr/bin/curl http") && php.starts_with("<?php"), "{samples:?}");
        assert_eq!(bash(&desk, &key, &format!("{curl} --silent")).await, "OK");
        assert!(desk.ticket(31794).await.contains("held by us"));
        desk.jutda("unhold_ticket", &[("ticket", "31794")]).await;
        let code = php.trim_start_matches("<?php").trim_end_matches("?>");
        let printed = run(&desk, &key, "php", &["-r"], code).await;
        // The sample prints the answer once as curl_exec does, and once the truth value that it returned.
        assert_eq!(printed, "OK1");
        assert!(desk.ticket(31794).await.contains("held by us"));
    }

    the_examples_of_the_jutda_page_print_what_it_says(desk) {
        hold_to_its_word(&desk, "jutda.md", 8).await;
    }

    the_examples_of_the_jaze_page_print_what_it_says(desk) {
        hold_to_its_word(&desk, "jaze.md", 8).await;
    }

    the_examples_of_the_desk_apis_page_print_what_it_says(desk) {
        desk.app.tasks.spawn(worker::positions::run(desk.app.clone()));
        hold_to_its_word(&desk, "api.md", 7).await;
    }

    schemathesis_finds_the_apis_as_they_are_described(desk) {
        desk.susan().await;
        let max = desk.customer("max@customer.test", "Max").await;
        assert_eq!(max.0, 2, "the number that the hooks use");
        let key = desk.token().await;
        desk.jutda("create_ticket", &[("queue", "1"), ("title", "one"), ("submitter_email", "max@customer.test")]).await;
        let directory = tempfile::tempdir().expect("a directory is made");
        let (url, address) = (format!("http://{}/openapi.json", desk.address), format!("http://{}", desk.address));
        let output = Command::new(servers::schemathesis())
            .args(["run", &url, "--url", &address, "--seed", "1", "--max-examples", "15", "--no-color"])
            .args(["--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--warnings", "off"])
            // An argument may need another one, and a key may be used up: neither can be said in a schema. The
            // hooks make any credentials the right ones; that wrong ones are refused is tested elsewhere.
            .args(["--exclude-checks", "positive_data_acceptance,ignored_auth"])
            // It keeps what it found where it runs.
            .current_dir(directory.path())
            .env("PYTHONPATH", Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data"))
            .env("TEST_AUTHORIZATION", &key.authorization)
            .env("SCHEMATHESIS_HOOKS", "schemathesis_hooks")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .output()
            .await
            .expect("schemathesis runs");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
        assert!(desk.totals().await[0] > 10, "hardly a call went well:\n{printed}");
    }
}
