//! Where the metrics are, of a daemon that runs.

use std::net::SocketAddr;
use std::net::TcpListener;

use crate::support::http_client;
use crate::support::site::Site;

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it is bound")
}

async fn status(address: SocketAddr, path: &str) -> u16 {
    let asked = http_client::request("GET", path, &[], b"");
    http_client::exchange(address, &asked).await.expect("an answer").status
}

#[tokio::test]
async fn they_have_a_server_of_their_own_where_one_is_named() {
    let site = Site::sqlite();
    let aside = free_address();
    site.configure_as_text(&format!(
        "[database]\nurl = \"sqlite:{}\"\n[http]\nlisten = \"127.0.0.1:0\"\nmetrics_listen = \"{aside}\"
[[smtp]]\nname = \"out\"\ndirectory = \"outgoing\"
[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\nsmtp = \"out\"\n",
        site.path("desk.db").display()
    ));
    let daemon = site.start();
    let line = daemon.lines("serving on").concat();
    let address = line.rsplit("serving on ").next().unwrap_or_default().trim().parse().expect("an address");
    assert_eq!((status(address, "/metrics").await, status(address, "/healthz").await), (404, 200));
    assert_eq!((status(aside, "/metrics").await, status(aside, "/api/").await), (200, 404));
}
