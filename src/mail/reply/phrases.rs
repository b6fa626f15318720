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
        "dari"]),
    (Label::Sent, &["sent", "gesendet", "envoyé", "envoye", "envoyé le", "enviado", "enviado el",
        "enviada em", "enviado em", "enviada", "inviato", "inviata", "verzonden", "skickat", "sendt",
        "sendt dato", "lähetetty", "wysłano", "wysłane", "data wysłania", "odesláno", "odoslané",
        "отправлено", "дата отправки", "надіслано", "відправлено", "gönderildi", "gönderme tarihi",
        "gönderim tarihi", "εστάλη", "στάλθηκε", "απεστάλη", "נשלח", "نشرت", "تم الإرسال", "أرسلت",
        "تاريخ الإرسال", "发送时间", "發送時間", "發送日期", "寄件日期", "送信日時", "送信日",
        "보낸 날짜", "보낸날짜", "보낸 시간", "sent at", "sent on", "elküldve", "trimis"]),
    (Label::Date, &["date", "datum", "data", "fecha", "dato", "päivämäärä", "päiväys", "pvm", "дата",
        "tarih", "ημερομηνία", "תאריך", "التاريخ", "日期", "时间", "日時", "日付", "날짜",
        "date d'envoi", "dátum", "дата и время", "ngày"]),
    (Label::To, &["to", "an", "à", "a", "para", "per", "pour", "aan", "till", "til", "vastaanottaja",
        "do", "komu", "кому", "kime", "alıcı", "προς", "אל", "إلى", "收件人", "收件者", "宛先",
        "받는 사람", "받는사람", "수신", "destinataire", "destinatario", "destinatário", "mottagare",
        "modtager", "mottaker", "ontvanger", "adresat", "príjemca", "získatel", "получатель",
        "отримувач", "empfänger", "címzett", "către"]),
    (Label::Cc, &["cc", "bcc", "kopie", "copie", "copie à", "copia", "cópia", "kopia", "kopi", "kopio",
        "копия", "копія", "bilgi", "κοιν", "κοινοποίηση", "עותק", "نسخة", "抄送", "副本", "참조", "dw",
        "do wiadomości", "másolat"]),
    (Label::Subject, &["subject", "betreff", "betr", "objet", "sujet", "asunto", "oggetto", "assunto",
        "onderwerp", "ämne", "emne", "aihe", "temat", "předmět", "predmet", "тема", "konu", "θέμα",
        "נושא", "الموضوع", "主题", "主題", "主旨", "件名", "제목", "tárgy", "subiect", "относно",
        "chủ đề"]),
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
    "über dieser linie", "über dieser zeile", "au-dessus de cette ligne", "au dessus de cette ligne",
    "por encima de esta línea", "encima de esta línea", "sopra questa riga", "sopra questa linea",
    "acima desta linha", "boven deze lijn", "boven deze regel", "ovanför den här raden",
    "ovanför denna rad", "over denne linje", "over denne linjen", "tämän rivin yläpuolelle",
    "powyżej tej linii", "nad tą linią", "nad tímto řádkem", "nad tuto řádku", "выше этой строки",
    "над этой строкой", "вище цього рядка", "над цим рядком", "bu satırın üzerine", "bu satırın üstüne",
    "πάνω από αυτή τη γραμμή", "πάνω από αυτήν τη γραμμή", "מעל שורה זו", "מעל לשורה זו",
    "فوق هذا السطر", "在此行上方", "在这行上方", "在此行以上", "此行上方", "この行より上",
    "この線より上", "이 줄 위에", "이 선 위에",
];

/// Lines that phones and programs put under a message: how such a line begins.
#[rustfmt::skip]
pub const SENT_FROM: &[&str] = &[
    "sent from my", "sent from a", "sent from an", "sent from iphone", "sent from ipad",
    "sent from mail for windows", "sent from mail", "sent from outlook", "sent from yahoo",
    "sent from samsung", "sent from proton", "sent from gmail", "sent from the", "sent from blackberry",
    "sent from android", "sent from windows", "sent from mobile", "sent from nine", "sent from spark",
    "sent from airmail", "sent from mailbox", "sent from aol", "sent from tutanota", "sent from huawei",
    "sent from xiaomi", "sent via", "sent with", "sent by", "sent using", "sent on the go",
    "sent with sparrow", "get outlook for", "download outlook for", "get bluemail for", "composed on",
    "written from my", "typed on my", "envoyé de mon", "envoyé depuis", "envoyé à partir de",
    "envoyé par", "envoyé avec", "envoyé via", "envoye de mon", "envoyé de yahoo", "envoyé de l’app",
    "télécharger outlook pour", "obtenir outlook pour", "obtenez outlook pour", "provenance : courrier",
    "von meinem", "von mobil gesendet", "von unterwegs gesendet", "gesendet von", "gesendet mit",
    "gesendet über", "gesendet aus", "diese nachricht wurde von", "diese nachricht wurde mit",
    "dieses mail wurde", "holen sie sich outlook", "outlook für ios beziehen",
    "outlook für android beziehen", "outlook für ios herunterladen", "laden sie outlook für",
    "enviado desde", "enviado por", "enviado con", "enviado de mi", "enviado do meu", "enviado do yahoo",
    "enviado del", "enviado de meu", "enviado a partir", "enviado via", "enviado pelo",
    "enviado através", "obtener outlook para", "obtenga outlook para", "obter o outlook para",
    "obter outlook para", "baixe o outlook", "inviato da", "inviato dal", "inviato con",
    "inviato tramite", "ottieni outlook per", "scarica outlook per", "verzonden vanaf", "verzonden met",
    "verzonden via", "verstuurd vanaf", "verstuurd met", "verzonden vanuit",
    "outlook voor ios downloaden", "download outlook voor", "ontvang outlook voor", "skickat från",
    "skickades från", "skickat via", "hämta outlook för", "skaffa outlook för", "sendt fra", "sendt med",
    "sendt via", "hent outlook til", "skaff outlook for", "få outlook til", "lähetetty", "hanki outlook",
    "wysłano z", "wysłane z", "wysłano za pomocą", "wysłane za pomocą", "wysłano ze", "pobierz outlook",
    "pobierz program outlook", "uzyskaj outlooka", "odesláno z", "odesláno ze", "odoslané z",
    "získejte outlook", "stáhněte si outlook", "отправлено с", "отправлено из", "отправлено через",
    "отправлено от", "послано с", "скачать outlook", "получите outlook", "надіслано з", "надіслано із",
    "відправлено з", "отримайте outlook", "iphone'umdan gönderildi", "iphone’umdan gönderildi",
    "ipad'imden gönderildi", "iphone'dan gönderildi", "ios için outlook", "android için outlook",
    "samsung cihazımdan gönderildi", "εστάλη από", "στάλθηκε από", "απεστάλη από",
    "αποκτήστε το outlook", "נשלח מה", "נשלח מ", "הורד את outlook", "השג את outlook", "أرسلت من",
    "تم الإرسال من", "أُرسلت من", "مرسل من", "الحصول على outlook", "احصل على outlook", "发自我的",
    "发送自", "從我的", "从我的", "來自我的", "来自我的", "發自我的", "获取 outlook", "取得 outlook",
    "通过 outlook", "iphoneから送信", "ipadから送信", "androidから送信", "outlook for ios を入手",
    "windows 版のメール から送信", "windows のメールから送信", "私のiphoneから送信",
    "내 iphone에서 보냄", "나의 iphone에서 보냄", "iphone에서 보냄", "ipad에서 보냄", "갤럭시에서 보냄",
    "내 갤럭시에서", "ios용 outlook", "android용 outlook", "iphone-ról küldve", "trimis de pe",
    "poslano s", "poslano iz", "dikirim dari", "được gửi từ",
];

/// How such lines end in languages that put the verb last. A device must be named, too.
pub const SENT_FROM_ENDS: &[&str] = &[
    "gesendet",
    "gönderildi",
    "에서 보냄",
    "から送信",
    "から送信しました",
    "küldve",
    "发送",
    "發送",
    "verzonden",
];

/// How paragraphs begin that lists, newsletters and virus scanners put under a message.
#[rustfmt::skip]
pub const FOOTERS: &[&str] = &[
    "to unsubscribe", "unsubscribe:", "unsubscribe from", "you received this message because you",
    "you are receiving this", "please consider the environment", "please think of the environment",
    "think before you print", "save a tree", "virus-free", "this email has been checked for viruses",
    "this e-mail has been checked for viruses", "this email has been scanned",
    "this message has been scanned", "scanned by", "denken sie an die umwelt",
    "bitte denken sie an die umwelt", "bitte prüfen sie der umwelt", "virenfrei",
    "diese e-mail wurde von avast", "diese e-mail wurde auf viren", "pensez à l'environnement",
    "pensez à l’environnement", "avant d'imprimer", "sans virus", "garanti sans virus",
    "antes de imprimir", "libre de virus", "prima di stampare", "privo di virus", "denk aan het milieu",
    "virusvrij", "tänk på miljön", "libre de virus", "sem vírus", "wolny od wirusów", "без вирусов",
    "virüssüz", "get your free", "do you yahoo", "ᐧ",
];

/// How paragraphs begin that lawyers put under a message; one of [`LEGAL_WORDS`] must follow.
#[rustfmt::skip]
pub const LEGAL_STARTS: &[&str] = &[
    "this e-mail", "this email", "this message", "this communication", "this transmission",
    "the information", "the contents of this", "confidential", "disclaimer", "legal notice",
    "privileged", "notice", "important", "caution", "privacy", "if you are not the",
    "if you have received this", "diese e-mail", "diese email", "diese mail", "diese nachricht",
    "der inhalt dieser", "die information", "die in dieser", "vertraulich", "haftungsausschluss",
    "hinweis", "wichtiger hinweis", "ce message", "ce courriel", "ce mail", "cet e-mail", "cet email",
    "avis de confidentialité", "les informations", "este mensaje", "este correo", "este e-mail", "aviso",
    "la información", "questo messaggio", "questa e-mail", "questa email", "le informazioni", "avviso",
    "esta mensagem", "este email", "as informações", "deze e-mail", "deze email", "dit bericht",
    "dit e-mailbericht", "de informatie", "de inhoud", "detta e-post", "detta meddelande",
    "denne e-mail", "denne e-post", "denne meddelelse", "tämä viesti", "tämä sähköposti", "ta wiadomość",
    "niniejsza wiadomość", "treść tej", "informacje zawarte", "tento e-mail", "tento email",
    "tato zpráva", "obsah této", "это сообщение", "данное сообщение", "настоящее сообщение",
    "информация", "це повідомлення", "bu e-posta", "bu mesaj", "bu ileti", "αυτό το μήνυμα", "το παρόν",
    "הודעה זו", "המידע", "هذه الرسالة", "本邮件", "此邮件", "本郵件", "本電子郵件", "このメール",
    "本メール", "この電子メール", "본 메일", "이 메일", "본 이메일",
];

/// Words that make a paragraph a lawyer's.
#[rustfmt::skip]
pub const LEGAL_WORDS: &[&str] = &[
    "confidential", "intended recipient", "intended only", "intended solely", "privileged", "virus",
    "unauthorized", "unauthorised", "vertraulich", "bestimmungsgemäße", "richtige adressat",
    "confidentiel", "destinataire", "confidencial", "destinatario", "destinatário", "riservat",
    "confidenzial", "vertrouwelijk", "geadresseerde", "konfidentiell", "avsedd", "fortrolig",
    "luottamuksel", "poufn", "adresat", "důvěrn", "конфиденциальн", "конфіденційн", "gizli",
    "εμπιστευτικ", "סודי", "חסוי", "سري", "机密", "機密", "保密", "기밀", "비밀",
];

/// First persons: a sentence of the author's own, not a line that introduces a quote.
pub const OWN_WORDS: &[&str] = &[
    "i wrote",
    "i said",
    "we wrote",
    "schrieb ich",
    "ich schrieb",
    "ich geschrieben",
    "j'ai écrit",
    "escribí",
    "ho scritto",
    "escrevi",
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
