//! A name server on this machine that knows nothing, and says so in one way or another.
//!
//! Ends when it is dropped.

use std::net::SocketAddr;
use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

/// What it does with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Refuses,
    /// There is no such name; said after this time.
    Denies(Duration),
    Silent,
}

/// A running server.
#[derive(Debug)]
pub struct NameServer {
    pub address: SocketAddr,
    questions: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
}

impl NameServer {
    pub fn start(manner: Manner) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port is free");
        socket.set_read_timeout(Some(Duration::from_millis(50))).expect("it can be set");
        let address = socket.local_addr().expect("it is bound");
        let server = Self { address, questions: Arc::default(), over: Arc::default() };
        let (questions, over) = (Arc::clone(&server.questions), Arc::clone(&server.over));
        thread::spawn(move || serve(&socket, manner, &questions, &over));
        server
    }

    /// How many questions came so far.
    pub fn asked(&self) -> usize {
        self.questions.load(Ordering::SeqCst)
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

fn serve(socket: &UdpSocket, manner: Manner, questions: &AtomicUsize, over: &AtomicBool) {
    let mut packet = [0; 1500];
    while !over.load(Ordering::SeqCst) {
        let Ok((length, client)) = socket.recv_from(&mut packet) else { continue };
        questions.fetch_add(1, Ordering::SeqCst);
        let answer = |code| answer(&packet[..length], code);
        match manner {
            Manner::Refuses => drop(socket.send_to(&answer(5), client)),
            Manner::Denies(after) => {
                let (socket, answer) = (socket.try_clone().expect("it can be shared"), answer(3));
                thread::spawn(move || {
                    thread::sleep(after);
                    let _ = socket.send_to(&answer, client);
                });
            }
            Manner::Silent => {}
        }
    }
}

/// The question with the bits of an answer, without records (RFC 1035 §4.1.1).
fn answer(question: &[u8], code: u8) -> Vec<u8> {
    let mut answer = question.to_vec();
    answer[2] |= 0x80;
    answer[3] = 0x80 | code;
    // Whatever else was sent along is not repeated: only the question itself.
    let name_ends = 12 + question[12..].iter().position(|&byte| byte == 0).unwrap_or(0);
    answer.truncate(name_ends + 5);
    answer[6..12].fill(0);
    answer
}
