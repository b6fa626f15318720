//! The words by which mail programs mark what is quoted, forwarded or signed, in many languages.
//!
//! Nothing but data: lower case, without the punctuation around them. A new language is a few words here.

/// What a line of a quoted header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    From,
    Sent,
    Date,
    To,
    Cc,
    Subject,
    ReplyTo,
}

/// Labels of quoted header lines, by language: en, de, fr, es, it, pt, nl, sv, da/no, fi, pl, cs/sk, ru/uk/bg,
/// tr, el, he, ar, zh, ja, ko, hu, ro.
#[rustfmt::skip]
pub const LABELS: &[(Label, &[&str])] = &[
    (Label::From, &["from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "от", "від",
        "от кого", "kimden", "gönderen", "από", "מאת", "من", "发件人", "發件人", "寄件者", "寄件人",
        "差出人", "送信者", "보낸 사람", "보낸사람", "발신", "expéditeur", "mittente", "remetente",
        "remitente", "avsändare", "afzender", "afsender", "avsender", "nadawca", "odesílatel",
        "odesilatel", "отправитель", "відправник", "absender", "feladó", "de la", "expediteur", "từ",
        "dari",
        "发信人", "送信元", "보낸이", "발신자", "발신인", "המוצא", "שולח", "المرسل", "αποστολέας", "od kogo",
        "expeditor", "mitt."]),
    (Label::Sent, &["sent", "gesendet", "envoyé", "envoye", "envoyé le", "enviado", "enviado el",
        "enviada em", "enviado em", "enviada", "inviato", "inviata", "verzonden", "skickat", "sendt",
        "sendt dato", "lähetetty", "wysłano", "wysłane", "data wysłania", "odesláno", "odoslané",
        "отправлено", "дата отправки", "надіслано", "відправлено", "gönderildi", "gönderme tarihi",
        "gönderim tarihi", "εστάλη", "στάλθηκε", "απεστάλη", "נשלח", "نشرت", "تم الإرسال", "أرسلت",
        "تاريخ الإرسال", "发送时间", "發送時間", "發送日期", "寄件日期", "送信日時", "送信日",
        "보낸 날짜", "보낸날짜", "보낸 시간", "sent at", "sent on", "elküldve", "trimis",
        "gönderilme tarihi", "gönderilme", "αποστολή", "ημερομηνία αποστολής", "إرسال", "傳送日期",
        "已傳送", "傳送時間", "寄件時間", "發送於", "已发送", "发送日期", "보냄", "보낸 시각", "enviados", "enviadas",
        "отправленные", "отправлен", "надіслані", "am", "gesendet am", "gesendet um", "envoyée",
        "inviate", "verstuurd", "verzonden op", "skickades", "lähetettiin", "data invio",
        "data de envio", "fecha de envío", "fecha de envio", "odeslané", "dispatched", "送信时间",
        "송신일", "נשלח ב", "נשלח בתאריך", "envoyés"]),
    (Label::Date, &["date", "datum", "data", "fecha", "dato", "päivämäärä", "päiväys", "pvm", "дата",
        "tarih", "ημερομηνία", "תאריך", "التاريخ", "日期", "时间", "日時", "日付", "날짜",
        "date d'envoi", "dátum", "дата и время", "ngày",
        "fecha y hora", "data e ora", "date et heure", "datum/uhrzeit", "дата:", "дата/час", "時間",
        "日期时间", "תאריך ושעה"]),
    (Label::To, &["to", "an", "à", "a", "para", "per", "pour", "aan", "till", "til", "vastaanottaja",
        "do", "komu", "кому", "kime", "alıcı", "προς", "אל", "إلى", "收件人", "收件者", "宛先",
        "받는 사람", "받는사람", "수신", "destinataire", "destinatario", "destinatário", "mottagare",
        "modtager", "mottaker", "ontvanger", "adresat", "príjemca", "získatel", "получатель",
        "отримувач", "empfänger", "címzett", "către",
        "saaja", "odbiorca", "příjemce", "adresát", "reçu", "收信人", "受信者", "수신자", "수신인",
        "destinataires", "destinatarios", "empfänger/in", "נמען", "المستلم", "παραλήπτης",
        "gönderilen", "одержувач"]),
    (Label::Cc, &["cc", "bcc", "kopie", "copie", "copie à", "copia", "cópia", "kopia", "kopi", "kopio",
        "копия", "копія", "bilgi", "κοιν", "κοινοποίηση", "עותק", "نسخة", "抄送", "副本", "참조", "dw",
        "do wiadomości", "másolat",
        "kópia", "kopia till", "kopie an", "kópia pre", "cópia para", "抄送至", "抄送人", "複本", "κοιν.",
        "копии", "копію"]),
    (Label::Subject, &["subject", "betreff", "betr", "objet", "sujet", "asunto", "oggetto", "assunto",
        "onderwerp", "ämne", "emne", "aihe", "temat", "předmět", "predmet", "тема", "konu", "θέμα",
        "נושא", "الموضوع", "主题", "主題", "主旨", "件名", "제목", "tárgy", "subiect", "относно",
        "chủ đề",
        "rubrik", "thema", "otsikko", "ärende", "otsake"]),
    (Label::ReplyTo, &["reply-to", "reply to", "antwort an", "répondre à", "responder a", "rispondi a",
        "attachments", "importance", "anlagen", "pièces jointes", "priorität", "priority",
        "organization", "cc to", "mailed-by", "signed-by", "security"]),
];

/// "Original message", as it stands between dashes.
#[rustfmt::skip]
pub const ORIGINAL: &[&str] = &[
    "original message", "original mail", "original email", "original e-mail", "reply message",
    "replied message", "ursprüngliche nachricht", "ursprüngliche mail", "ursprüngliche e-mail",
    "originalnachricht", "original-nachricht", "original nachricht", "original-mail", "originalmail",
    "message d'origine", "message d’origine", "message original", "mail original", "courriel original",
    "e-mail d'origine", "e-mail d’origine", "message initial", "mensaje original", "mensaje de origen",
    "correo original", "messaggio originale", "messaggio original", "mail originale",
    "mensagem original", "mensagem de origem", "oorspronkelijk bericht", "oorspronkelijke bericht",
    "origineel bericht", "ursprungligt meddelande", "originalmeddelande", "original meddelande",
    "oprindelig meddelelse", "oprindelig besked", "original meddelelse", "opprinnelig melding",
    "original melding", "opprinnelig e-post", "alkuperäinen viesti", "alkuperäinen sähköposti",
    "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość pierwotna",
    "treść oryginalnej wiadomości", "původní zpráva", "původní e-mail", "puvodni zprava",
    "pôvodná správa", "исходное сообщение", "оригинальное сообщение", "первоначальное сообщение",
    "исходное письмо", "оригінальне повідомлення", "вихідне повідомлення", "початкове повідомлення",
    "оригинално съобщение", "özgün ileti", "orijinal ileti", "orijinal mesaj", "asıl ileti",
    "αρχικό μήνυμα", "πρωτότυπο μήνυμα", "αρχικό email", "הודעה מקורית", "ההודעה המקורית",
    "الرسالة الأصلية", "رسالة أصلية", "原始邮件", "原邮件", "原始郵件", "原始訊息", "原始信息",
    "回复的原邮件", "回复邮件", "元のメッセージ", "オリジナルメッセージ",
    "original message (元のメッセージ)", "元のメール", "원본 메시지", "원본 메일", "원래 메시지",
    "원본메시지", "eredeti üzenet", "mesajul original", "mesaj original", "izvorna poruka",
    "originalna poruka", "izvirno sporočilo", "tin nhắn gốc", "pesan asli",
];

/// "Forwarded message", alone on a line or between dashes.
#[rustfmt::skip]
pub const FORWARDED: &[&str] = &[
    "forwarded message", "forwarded mail", "forwarded email", "forwarded by", "begin forwarded message",
    "start of forwarded message", "forward message", "weitergeleitete nachricht",
    "weitergeleitete e-mail", "weitergeleitet von", "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail", "anfang weitergeleitete nachricht", "message transféré",
    "message transmis", "message réexpédié", "début du message transféré", "début du message réexpédié",
    "mensaje reenviado", "inicio del mensaje reenviado", "inicio de mensaje reenviado",
    "messaggio inoltrato", "inizio messaggio inoltrato", "messaggio girato", "mensagem encaminhada",
    "início da mensagem encaminhada", "inicio da mensagem encaminhada", "mensagem reencaminhada",
    "início da mensagem reencaminhada", "doorgestuurd bericht", "begin doorgestuurd bericht",
    "doorgezonden bericht", "vidarebefordrat meddelande", "vidarebefordrat brev",
    "påbörjat vidarebefordrat brev", "vidarebefordrat mejl", "börja vidarebefordrat meddelande",
    "videresendt meddelelse", "videresendt besked", "start på videresendt besked",
    "start på videresendt meddelelse", "videresendt melding", "videresendt e-post",
    "begynnelsen på videresendt melding", "start på videresendt e-post", "välitetty viesti",
    "välitetyn viestin alku", "edelleenlähetetty viesti", "wiadomość przekazana dalej",
    "przekazana wiadomość", "przesłana dalej wiadomość", "wiadomość przesłana dalej",
    "początek przekazywanej wiadomości", "początek przesyłanej dalej wiadomości",
    "treść przekazanej wiadomości", "przeposlaná zpráva", "přeposlaná zpráva",
    "přeposlaná zpráva začíná", "začátek přeposílané zprávy", "začátek přeposlané zprávy",
    "preposlaná správa", "пересылаемое сообщение", "пересланное сообщение", "переадресованное сообщение",
    "начало переадресованного сообщения", "начало пересылаемого сообщения", "пересылаемое письмо",
    "перенаправленное сообщение", "переслане повідомлення", "пересилане повідомлення",
    "початок переадресованого повідомлення", "переслане письмо", "препратено съобщение",
    "iletilen mesaj", "iletilmiş ileti", "yönlendirilen mesaj", "iletilen ileti", "yönlendirilmiş ileti",
    "iletilmiş mesajın başı", "başlangıç iletilen mesaj", "προωθημένο μήνυμα", "μήνυμα που προωθήθηκε",
    "αρχή προωθημένου μηνύματος", "έναρξη προωθημένου μηνύματος", "הודעה שהועברה",
    "תחילת ההודעה שהועברה", "הודעה מועברת", "رسالة معاد توجيهها", "رسالة تم توجيهها", "رسالة محولة",
    "بداية الرسالة المعاد توجيهها", "بداية الرسالة المُعاد توجيهها", "转发的邮件", "转发邮件",
    "转发邮件信息", "轉寄的郵件", "轉寄郵件", "开始转发的邮件", "开始转发邮件", "被转发邮件",
    "下面是被转发的邮件", "以下是轉寄的郵件", "以下是轉寄的信件", "転送メッセージ",
    "転送されたメッセージ", "転送されたメール", "ここから転送メッセージ",
    "以下は転送されたメッセージです", "전달된 메시지", "전달된 메일", "전달된 메시지의 시작",
    "받은 메시지 전달", "továbbított üzenet", "mesaj redirecționat", "proslijeđena poruka",
    "posredovano sporočilo", "tin nhắn được chuyển tiếp", "pesan terusan",
    "välitetty viesti alkaa", "iletilmiş mesajın başlangıcı", "iletilen mesajın başlangıcı", "開始轉寄郵件",
    "转发的消息", "已转发的邮件", "轉寄的訊息", "forwarded email message", "weitergeleitete mail",
];

/// "Wrote", as it stands at the end of a line that introduces a quote.
#[rustfmt::skip]
pub const WROTE: &[&str] = &[
    "wrote", "writes", "has written", "said", "schrieb", "schreibt", "geschrieben", "schrieb folgendes",
    "a écrit", "a ecrit", "écrit", "écrivait", "vous avez écrit", "avez écrit", "escribió", "escribio",
    "escribe", "ha escrito", "ha scritto", "scrive", "scriveva", "scrisse", "avete scritto", "escreveu",
    "escreve", "schreef", "geschreven", "schreef het volgende", "heeft geschreven", "skrev",
    "skrev följande", "har skrivit", "har skrevet", "følgende", "kirjoitti", "napisał", "napisała",
    "napisał(a)", "napisal", "napisal(a)", "napisali", "pisze", "napsal", "napsala", "napsal(a)",
    "napísal", "napísala", "napísal(a)", "odesílatel", "написал", "написала", "написал(а)", "написали",
    "пишет", "писал", "писал(а)", "написав", "написала(в)", "пише", "писав", "написа", "yazdı",
    "şunu yazdı", "şunları yazdı", "yazmış", "έγραψε", "έγραψαν", "έγραψες", "כתב", "כתבה", "כתב/ה",
    "כתב(ה)", "كتب", "كتبت", "تمت كتابة ما يلي بواسطة", "写道", "寫道", "写到", "來信", "写信给",
    "のメール", "が書きました", "さんは書きました", "は書きました", "書き込み", "님이 작성", "작성",
    "님이 쓴 글", "쓴 글", "쓰시길", "작성함", "írta", "ezt írta", "a scris", "napisao", "napisao/la",
    "je napisao", "je napisal", "je napisal/a", "đã viết", "viết", "menulis", "เขียน", "เขียนว่า",
    "rašė", "rakstīja", "kirjutas", "ha scritto il giorno", "va escriure",
    "píše", "寫到", "schrieben", "schrieben sie", "schriebst du", "schriebst", "vous écriviez",
    "escribías", "пишешь", "さんからの引用", "からの引用", "님이 씀", "şöyle yazdı", "yazdı ki", "έγραφε",
    "γράφει", "يكتب", "كتبتم", "écrivit", "scrissero", "kirjoittaa", "pisał", "pisała", "psal",
    "psala", "piše", "skriver", "schrijft", "escrevia", "escrevestes",
];

/// Words at the start of a line that introduces a quote by its date.
#[rustfmt::skip]
pub const STARTERS: &[&str] = &[
    "on", "at", "am", "im", "le", "el", "il", "em", "en", "op", "den", "dne", "dnia", "w", "dana", "în",
    "στις", "τη", "την", "το", "בתאריך", "ב", "ביום", "في", "بتاريخ", "yb", "vào", "pada", "kp", "a",
    "в", "у", "на", "dňa", "ons", "il giorno", "data", "date", "em data de", "om", "date:", "在", "于",
];

/// Words that stand before a name where a program has no date to give.
#[rustfmt::skip]
pub const QUOTING: &[&str] = &[
    "quoting", "zitat von", "zitiere", "citing", "citando a", "citando", "citat", "citerar", "citerer",
    "lainaus", "quota da", "quotando", "scrive", "selon", "cytat", "cytuję", "cituji", "цитирую",
    "citeren", "citaat van",
    "siterer", "cytowanie", "citace", "alıntı", "παράθεση", "zitiert von", "cita di", "cita de",
    "wiadomość napisana przez", "mensaje escrito por", "цитата", "цитування", "ציטוט", "اقتباس",
    "引用",
];

/// Lines above which an answer is to be typed, as help desks ask for it.
#[rustfmt::skip]
pub const ABOVE_THIS_LINE: &[&str] = &[
    "reply above this line", "type your reply above this line", "write your reply above this line",
    "respond above this line", "reply above the line", "add your reply above this line",
    "enter your reply above this line", "replies above this line", "reply above this text",
    "above this line to reply", "write above this line", "respond by replying above this line",
    "antworten sie oberhalb dieser linie", "antwort oberhalb dieser linie",
    "antwort bitte oberhalb dieser zeile", "oberhalb dieser linie", "oberhalb dieser zeile",
    "über dieser linie", "über dieser zeile", "au-dessus de cette ligne",
    "au dessus de cette ligne", "por encima de esta línea", "encima de esta línea",
    "sopra questa riga", "sopra questa linea", "acima desta linha", "boven deze lijn",
    "boven deze regel", "ovanför den här raden", "ovanför denna rad", "over denne linje",
    "over denne linjen", "tämän rivin yläpuolelle", "powyżej tej linii", "nad tą linią",
    "nad tímto řádkem", "nad tuto řádku", "выше этой строки", "над этой строкой",
    "вище цього рядка", "над цим рядком", "bu satırın üzerine", "bu satırın üstüne",
    "πάνω από αυτή τη γραμμή", "πάνω από αυτήν τη γραμμή", "מעל שורה זו", "מעל לשורה זו",
    "فوق هذا السطر", "在此行上方", "在这行上方", "在此行以上", "此行上方", "この行より上", "この線より上", "이 줄 위에", "이 선 위에",
    "text above this line", "write your response above", "edit anything below this line",
    "nothing below this line", "do not reply below this line", "antwort über dieser zeile",
    "responda por encima de esta línea", "répondez au-dessus", "rispondi sopra",
    "responda acima desta", "antwoord boven", "svara ovanför", "svar over denne",
    "vastaa tämän rivin", "odpowiedz powyżej", "odpovězte nad", "ответьте выше",
    "відповідайте вище", "yanıtınızı bu satırın", "απαντήστε πάνω", "השב מעל", "الرد فوق",
];

/// First persons: a sentence of the author's own, not a line that introduces a quote.
#[rustfmt::skip]
pub const OWN_WORDS: &[&str] = &[
    "i wrote", "i said", "we wrote", "schrieb ich", "ich schrieb", "ich geschrieben", "j'ai écrit",
    "escribí", "ho scritto", "escrevi", "vous ai écrit", "t'ai écrit", "j'écrivais",
    "vous écrivais", "le escribí", "les escribí", "le he escrito", "les he escrito", "he escrito",
    "vi ho scritto", "eu escrevi", "ik schreef", "schreef ik", "ik heb u", "jag skrev", "skrev jag",
    "jeg skrev", "skrev jeg", "kirjoitin", "napisałem", "napisałam", "psałem", "napsal jsem",
    "napsala jsem", "psal jsem", "я написал", "я писал", "я написав", "я писав", "yazdım",
    "yazmıştım", "έγραψα", "כתבתי", "لقد كتبت",
];

/// Prefixes of the subject of a forwarded mail, each followed by a colon.
pub const FORWARD_PREFIXES: &[&str] = &[
    "fwd",
    "fw",
    "wg",
    "tr",
    "rv",
    "enc",
    "i",
    "doorst",
    "vb",
    "vl",
    "pd",
    "ilt",
    "προώθ",
    "πρθ",
    "转发",
    "轉寄",
    "転送",
    "전달",
    "הועבר",
    "إعادة توجيه",
    "пересылка",
    "továbbítás",
    "reenv",
];
