//! Korean: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["보낸 사람", "보낸사람", "발신", "보낸이", "발신자", "발신인"]),
        (Label::Sent, &["보낸 날짜", "보낸날짜", "보낸 시간", "보냄", "보낸 시각", "송신일"]),
        (Label::Date, &["날짜"]),
        (Label::To, &["받는 사람", "받는사람", "수신", "수신자", "수신인"]),
        (Label::Cc, &["참조"]),
        (Label::Subject, &["제목"]),
    ],
    original: &["원본 메시지", "원본 메일", "원래 메시지", "원본메시지"],
    forwarded: &["전달된 메시지", "전달된 메일", "전달된 메시지의 시작", "받은 메시지 전달"],
    forward_prefixes: &["전달"],
    wrote: &["님이 작성", "작성", "님이 쓴 글", "쓴 글", "쓰시길", "작성함", "님이 씀"],
    above_this_line: &["이 줄 위에", "이 선 위에"],
    sent_from: &[
        "내 iphone에서 보냄", "나의 iphone에서 보냄", "iphone에서 보냄", "ipad에서 보냄", "갤럭시에서 보냄", "내 갤럭시에서", "ios용 outlook",
        "android용 outlook",
    ],
    sent_from_around: &[("", "에서 보냄"), ("", "에서 전송"), ("", "에서 보냈습니다"), ("", "에서 발송")],
    devices: &["휴대폰", "휴대전화", "갤럭시", "아이폰", "메일"],
    legal_starts: &["본 메일", "이 메일", "본 이메일", "만약 귀하"],
    legal_words: &["기밀", "비밀", "지정된", "수신인"],
    ..Vocabulary::NONE
};
