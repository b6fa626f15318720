//! The words by which mail systems say what happened, in the languages they speak.
//!
//! Nothing but data, lower case. A new system or language is a few words here.

/// Subjects of automatic answers: the whole subject, or what stands before a colon, dash or bracket.
#[rustfmt::skip]
pub const AUTO_REPLY_SUBJECTS: &[&str] = &[
    "auto", "auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse",
    "auto responder", "autoresponder", "automatic reply", "automatic response", "automated reply",
    "automated response", "automatic answer", "auto answer", "automatic email reply", "out of office",
    "out-of-office", "out of the office", "out of office reply", "out of office autoreply",
    "out of office auto-reply", "out of office auto reply", "out of office response",
    "out of office message", "out of office notification", "out of office notice",
    "out of office assistant", "ooo", "oof", "on vacation", "vacation reply", "vacation message",
    "vacation", "vacation response", "vacation autoreply", "on holiday", "on leave", "annual leave",
    "maternity leave", "parental leave", "away from my mail", "away from the office",
    "i am out of the office", "i'm out of the office", "i am currently out of the office", "i am away",
    "away message", "automatische antwort", "automatische antwort auf", "automatische rückantwort",
    "automatische rückmeldung", "automatische mitteilung", "automatische benachrichtigung",
    "autoantwort", "auto-antwort", "abwesenheit", "abwesenheitsnotiz", "abwesenheitsmeldung",
    "abwesenheitsnachricht", "abwesenheitsbenachrichtigung", "abwesenheitsassistent", "abwesend",
    "nicht im büro", "ich bin nicht im büro", "im urlaub", "urlaub", "elternzeit", "außer haus",
    "réponse automatique", "reponse automatique", "réponse auto", "absence", "absence du bureau",
    "message d'absence", "message d’absence", "notification d'absence", "avis d'absence",
    "absent du bureau", "en congé", "en congés", "en vacances", "hors du bureau", "absente du bureau",
    "je suis absent", "je suis absente", "respuesta automática", "respuesta automatica",
    "contestación automática", "fuera de la oficina", "fuera de oficina", "ausencia", "ausente",
    "de vacaciones", "mensaje automático", "resposta automàtica", "risposta automatica",
    "risposta automatica per assenza", "fuori sede", "fuori ufficio", "assenza dall'ufficio", "assente",
    "assenza", "in ferie", "fuori dall'ufficio", "resposta automática", "resposta automatica",
    "ausência", "ausência temporária", "fora do escritório", "fora do escritorio", "em férias",
    "ausente do escritório", "automatisch antwoord", "automatische antwoord",
    "automatische beantwoording", "afwezig", "afwezigheid", "afwezigheidsbericht",
    "afwezigheidsassistent", "niet aanwezig", "niet op kantoor", "autosvar", "auto-svar",
    "automatiskt svar", "automatisk svar", "automatisk besvarelse", "frånvaro", "frånvarande",
    "frånvaromeddelande", "ej på kontoret", "fravær", "fraværsmelding", "fraværsbesked",
    "ikke til stede", "ikke på kontoret", "ikke til stede på kontoret", "på semester", "på ferie",
    "automaattinen vastaus", "automaattivastaus", "poissa", "poissaolo", "poissaoloilmoitus",
    "poissa toimistosta", "lomalla", "odpowiedź automatyczna", "automatyczna odpowiedź", "autoodpowiedź",
    "autoresponder", "nieobecność", "nieobecność w biurze", "poza biurem", "jestem poza biurem", "urlop",
    "automatická odpověď", "automatická odpoveď", "automatická odpověd", "mimo kancelář", "nepřítomnost",
    "nepřítomen", "neprítomnosť", "dovolená", "v nepřítomnosti", "автоответ", "автоматический ответ",
    "автоматическое уведомление", "нет на месте", "в отпуске", "отпуск", "вне офиса", "отсутствие",
    "автовідповідь", "автоматична відповідь", "автоматичен отговор", "у відпустці", "відсутній",
    "otomatik yanıt", "otomatik cevap", "otomatik cevaplama", "ofis dışında", "ofis dışındayım",
    "izindeyim", "αυτόματη απάντηση", "εκτός γραφείου", "απουσία", "מענה אוטומטי", "תשובה אוטומטית",
    "מחוץ למשרד", "הודעת היעדרות", "رد تلقائي", "الرد التلقائي", "خارج المكتب", "自动回复", "自動回覆",
    "自动答复", "自動回復", "不在办公室", "外出通知", "休假通知", "自動応答", "自動返信", "自動返答",
    "不在通知", "外出中", "休暇中", "부재중", "부재 중", "자동 회신", "자동 응답", "자동회신",
    "자동응답", "부재중 자동 응답", "자동 답장", "automatikus válasz", "házon kívül", "răspuns automat",
    "automatski odgovor", "samodejni odgovor", "trả lời tự động", "balasan otomatis",
];

/// Subjects of mails about a mail that could not be delivered.
#[rustfmt::skip]
pub const BOUNCE_SUBJECTS: &[&str] = &[
    "[bounce]", "delivery status", "delivery status notification", "delivery notification", "delivery failure", "delivery failed",
    "delivery report", "delivery error", "delivery problem", "mail delivery fail",
    "mail delivery problem", "mail delivery error", "mail delivery status", "mail delivery system",
    "message delivery", "email delivery failure", "delivery has failed", "delivery unsuccessful",
    "delivery incomplete", "undelivered", "undeliverable", "undeliverable mail", "non-delivery",
    "nondelivery", "non delivery", "not delivered", "returned mail", "returned email",
    "returned to sender", "mail returned", "message returned", "returning message to sender",
    "failure notice", "failure delivery", "failed mail", "failed delivery", "mail failure",
    "mail system error", "mail error", "message you sent blocked", "rejected mail", "message rejected",
    "could not be delivered", "could not send", "couldn't be delivered", "cannot be delivered",
    "can't deliver", "unable to deliver", "was not delivered", "wasn't delivered", "not deliverable",
    "error sending your mail", "error delivering", "user unknown", "unknown user", "mailbox full",
    "over quota", "warning: could not send", "warning: message", "delayed mail", "mail could not",
    "unzustellbar", "nicht zustellbar", "nicht zugestellt", "konnte nicht zugestellt",
    "zustellung fehlgeschlagen", "zustellungsfehler", "zustellstatus", "zustellbenachrichtigung",
    "unzustellbarkeit", "rückläufer", "zurückgewiesen", "nicht ausgeliefert", "non remis",
    "échec de la remise", "échec de remise", "echec de la remise", "non délivré", "non distribué",
    "non-remise", "impossible de remettre", "erreur de distribution", "non distribuable",
    "notification d'état de remise", "échec de distribution", "no se puede entregar",
    "no se pudo entregar", "no entregado", "no entregable", "error de entrega", "fallo de entrega",
    "fallo en la entrega", "correo devuelto", "mensaje devuelto", "notificación de estado de entrega",
    "no se ha podido entregar", "mancato recapito", "non recapitabile", "non recapitato",
    "impossibile recapitare", "errore di consegna", "mancata consegna", "notifica dello stato",
    "messaggio non consegnato", "não entregue", "não foi entregue", "falha na entrega",
    "falha de entrega", "não foi possível entregar", "não é possível entregar", "devolvida",
    "notificação de status de entrega", "notificação do status", "onbestelbaar", "niet bezorgd",
    "niet afgeleverd", "kan niet worden bezorgd", "bezorging mislukt", "niet te bezorgen",
    "kunde inte levereras", "kan inte levereras", "olevererbart", "ej levererat", "kan ikke leveres",
    "kunne ikke leveres", "ikke leveret", "ikke levert", "uleverbar", "leveringsfejl", "toimittamaton",
    "ei voitu toimittaa", "ei toimitettu", "toimitus epäonnistui", "nie można dostarczyć",
    "niedostarczon", "nie dostarczono", "niedoręczon", "zwrot wiadomości", "nelze doručit",
    "nedoručiteln", "nedoručen", "nebylo možné doručit", "не доставлено", "недоставленное",
    "недоставлен", "не удается доставить", "не удалось доставить", "ошибка доставки",
    "не може бути доставлен", "не доставлен", "teslim edilemedi", "iletilemedi", "gönderilemedi",
    "teslim edilemeyen", "αδυναμία παράδοσης", "δεν παραδόθηκε", "μη παραδοτέο", "לא ניתן למסור",
    "לא נמסר", "כשל במסירה", "تعذر تسليم", "لم يتم تسليم", "غير قابل للتسليم", "فشل التسليم", "无法送达",
    "无法投递", "退信", "投递失败", "未送达", "未传递", "系统退信", "無法傳遞", "無法投遞", "未傳遞",
    "退回", "配信不能", "配信できません", "配信エラー", "送信できません", "未送信", "送信エラー",
    "宛先不明", "返送", "不達", "メール送信エラー", "전달되지", "배달되지", "배달할 수", "전송 실패",
    "반송", "배달 실패", "수신 실패",
];

/// Words of a report's text that a mail did not arrive.
#[rustfmt::skip]
pub const BOUNCE_TEXTS: &[&str] = &[
    "could not be delivered", "couldn't be delivered", "couldn’t be delivered", "cannot be delivered",
    "was not delivered", "wasn't delivered", "wasn’t delivered", "not be delivered", "failed to deliver",
    "delivery failed", "delivery has failed", "delivery failure", "delivery to the following recipient",
    "unable to deliver", "wasn't able to deliver", "was not able to deliver", "undeliverable",
    "undelivered", "had delivery problems", "had permanent fatal errors",
    "did not reach the following recipient", "permanent error", "permanent failure",
    "permanent fatal error", "returned to sender", "following address(es) failed",
    "following addresses failed", "user unknown", "unknown user", "no such user", "unknown recipient",
    "recipient unknown", "recipients unknown", "invalid recipient", "recipient address rejected",
    "rejected by a remote mail server", "rejected by the recipient", "rejected your message",
    "message was rejected", "message has been rejected", "mailbox unavailable", "mailbox full",
    "mailbox is full", "quota exceeded", "over quota", "error occurred while trying to deliver",
    "error has occurred while attempting to deliver", "error delivering your mail", "error sending",
    "address not found", "not a known user", "does not exist", "trouble delivering your message",
    "non-delivered information", "giving up on", "gave up", "mail system error", "failure reasons",
    "reason for failure", "host unknown", "message you sent blocked", "this is a bounce",
    "delivery attempts", "no valid recipients", "konnte nicht zugestellt", "nicht zugestellt werden",
    "nicht zustellbar", "unzustellbar", "zustellung fehlgeschlagen", "fehler bei der zustellung",
    "n'a pas pu être", "n'a pas été remis", "impossible de remettre", "échec de la remise",
    "no se pudo entregar", "no se ha podido entregar", "no pudo ser entregado", "error al entregar",
    "impossibile recapitare", "non è stato recapitato", "non è stato possibile recapitare",
    "non è stato possibile consegnare", "não foi possível entregar", "não pôde ser entregue",
    "não foi entregue", "niet worden bezorgd", "niet worden afgeleverd", "kunde inte levereras",
    "kunne ikke leveres", "ei voitu toimittaa", "nie można dostarczyć", "nie mogła zostać dostarczona",
    "nie została dostarczona", "nelze doručit", "nemohla být doručena", "не может быть доставлен",
    "не удалось доставить", "не было доставлено", "не доставлено", "не може бути доставлен",
    "teslim edilemedi", "iletilemedi", "δεν ήταν δυνατή η παράδοση", "לא ניתן היה למסור", "تعذر تسليم",
    "لم يتم تسليم", "无法送达", "无法投递", "未能送达", "無法傳遞", "退信", "送信に失敗",
    "送信できませんでした", "配信できませんでした", "届けることができませんでした",
    "送信することができません", "存在しない", "宛先が見つかり", "전달되지 않", "전달할 수 없",
    "배달할 수 없", "배달되지",
];

/// Words that only a report has.
pub const SURE_TEXTS: &[&str] = &[
    "able to deliver your message",
    "following address(es) failed",
    "addresses failed",
    "did not reach the following recipient",
    "delivery to the following recipient",
    "had permanent fatal errors",
    "had delivery problems",
    "this is a permanent error",
    "could not be delivered to one or more",
    "could not be delivered to:",
    "message that you sent could not be delivered",
    "this message was created automatically by mail delivery software",
    "original message follows",
    "copy of the message",
];

/// Local parts of those who look after mail; they write other mails, too.
pub const DUTY_ADDRESSES: &[&str] = &[
    "postmaster",
    "sysadmin",
    "mailadmin",
    "mail-system",
    "mailsystem",
    "mmsc",
    "mail",
    "mailmaster",
    "mta",
    "smtp",
];

/// Beginnings of subjects of complaints that providers pass on, and who sends them.
pub const COMPLAINT_SUBJECTS: &[&str] = &[
    "complaint about message",
    "email feedback report",
    "abuse report",
    "email abuse report",
    "feedback loop",
    "spam complaint",
];
pub const COMPLAINT_ADDRESSES: &[&str] = &[
    "staff",
    "fbl",
    "feedback",
    "feedbackloop",
    "scomp",
    "abuse",
    "complaints",
    "fbl-no-reply",
    "feedback-loop",
    "arf",
];

/// Words for a mail that is late but not given up.
#[rustfmt::skip]
pub const DELAYS: &[&str] = &[
    "delayed", "delay)", "delivery delay", "has been delayed", "still being retried", "will be retried",
    "will retry", "will continue to be", "will continue trying", "will keep trying",
    "warning: could not send message for past", "could not be sent within", "not yet been delivered",
    "have not yet been", "has not yet been", "no action is required", "this is a warning",
    "warning only", "temporary failure", "temporary error", "transient", "you do not need to resend",
    "no need to resend", "not need to re-send", "attempts to deliver the message will continue",
    "verzögert", "verzögerung", "weiterhin versucht", "retardé", "retardée", "retard de", "retrasado",
    "retraso", "demorado", "ritardo", "ritardato", "atraso", "atrasada", "vertraagd", "vertraging",
    "försenad", "fördröjd", "forsinket", "viivästynyt", "opóźnion", "opóźnienie", "zpožděn", "задерж",
    "затримк", "gecik", "καθυστέρ", "עיכוב", "تأخ", "延迟", "延遲", "遅延", "지연",
];

/// Words that a sender's system has given up, even where the last error was a passing one.
#[rustfmt::skip]
pub const GIVEN_UP: &[&str] = &[
    "returned to sender", "undelivered", "undeliverable", "giving up", "given up", "gave up",
    "permanent", "expired", "too long", "retry timeout", "failed after", "unrouteable",
    "could not be delivered to one or more", "failure notice", "delivery failed", "delivery has failed",
    "message delivery failed", "mail delivery failed", "(failure)",
];

/// Lines below which the mail that came back is shown.
#[rustfmt::skip]
pub const ORIGINAL_BELOW: &[&str] = &[
    "copy of the message", "copy of your message", "copy of the original", "original message",
    "original mail", "original header", "header of the original", "headers of the original",
    "message headers follow", "message header follows", "unsent message", "returned message",
    "undelivered message", "rejected message", "failed message", "below this line", "message follows",
    "headers follow", "your message header", "headers of the undelivered", "first part of the message",
    "the following is the", "kopie ihrer nachricht", "ursprüngliche nachricht", "message d'origine",
    "message original", "mensaje original", "messaggio originale", "mensagem original",
    "исходное сообщение", "原始邮件", "元のメッセージ", "원본 메시지",
];

/// Names of the programs that write such reports.
pub const DAEMONS: &[&str] = &[
    "interscan mss",
    "interscan",
    "mailmarshal",
    "mail gateway",
    "message gateway",
    "mailer-daemon",
    "mailer daemon",
    "mailerdaemon",
    "mail delivery system",
    "mail delivery subsystem",
    "mail delivery service",
    "mail delivery",
    "mail administrator",
    "system administrator",
    "systemadministrator",
    "administrateur système",
    "microsoft outlook",
    "ndr administrator",
    "postmaster",
    "mail system",
    "internet mail delivery",
    "mdaemon",
    "bounce notification",
    "mail router",
    "message delivery",
];

/// Local parts of their addresses.
pub const DAEMON_ADDRESSES: &[&str] = &[
    "mailer-daemon",
    "mailerdaemon",
    "mailer_daemon",
    "mail-daemon",
    "maildaemon",
    "mdaemon",
    "mail.daemon",
    "bounce-daemon",
    "mailer.daemon",
];
