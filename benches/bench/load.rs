//! A load generator: some connections that each send the next request once they have the answer to the last.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;
use std::time::Instant;

pub const CONNECTIONS: usize = 8;
pub const SPAN: Duration = Duration::from_secs(4);

/// What came of a run.
pub struct Load {
    pub rate: f64,
    pub p50: Duration,
    pub p99: Duration,
}

/// One request of a run; `n` is another for each.
pub type Make = fn(n: usize, secrets: &Secrets) -> Vec<u8>;

/// What requests prove themselves with.
pub struct Secrets {
    pub authorization: String,
}

/// Sends requests for a while. Every answer must be a success.
#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are small")]
pub fn run(server: SocketAddr, make: Make, secrets: &Secrets) -> Load {
    let begun = Instant::now();
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let workers: Vec<_> =
            (0..CONNECTIONS).map(|worker| scope.spawn(move || one(server, make, secrets, worker))).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no worker panics")).collect()
    });
    let took = begun.elapsed();
    times.sort_unstable();
    let share = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    Load { rate: times.len() as f64 / took.as_secs_f64(), p50: share(50), p99: share(99) }
}

/// One request on a connection of its own; the bytes of its answer's body.
pub fn once(server: SocketAddr, request: &[u8]) -> usize {
    let mut stream = BufReader::new(TcpStream::connect(server).expect("the daemon listens"));
    exchange(&mut stream, request)
}

fn one(server: SocketAddr, make: Make, secrets: &Secrets, worker: usize) -> Vec<Duration> {
    let stream = TcpStream::connect(server).expect("the daemon listens");
    stream.set_nodelay(true).expect("a socket takes options");
    let mut stream = BufReader::with_capacity(1 << 16, stream);
    let mut times = Vec::new();
    let begun = Instant::now();
    while begun.elapsed() < SPAN {
        let request = make(worker + CONNECTIONS * times.len(), secrets);
        let sent = Instant::now();
        exchange(&mut stream, &request);
        times.push(sent.elapsed());
    }
    times
}

/// Sends a request and reads its whole answer.
fn exchange(stream: &mut BufReader<TcpStream>, request: &[u8]) -> usize {
    stream.get_mut().write_all(request).expect("the daemon reads");
    let mut line = String::new();
    stream.read_line(&mut line).expect("the daemon answers");
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    let mut length = None;
    while line != "\r\n" {
        line.clear();
        stream.read_line(&mut line).expect("a head is lines");
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse::<usize>().ok();
        }
    }
    match length {
        Some(length) => skip(stream, length),
        None => chunks(stream),
    }
}

fn chunks(stream: &mut BufReader<TcpStream>) -> usize {
    let (mut whole, mut line) = (0, String::new());
    loop {
        line.clear();
        stream.read_line(&mut line).expect("a chunk has a size");
        let size = usize::from_str_radix(line.trim(), 16).expect("a size is a number");
        skip(stream, size + 2);
        if size == 0 {
            return whole;
        }
        whole += size;
    }
}

fn skip(stream: &mut BufReader<TcpStream>, length: usize) -> usize {
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    let read =
        std::io::copy(&mut stream.by_ref().take(length), &mut std::io::sink()).expect("a body is read");
    assert_eq!(read, length, "the answer is whole");
    usize::try_from(read).unwrap_or_default()
}
