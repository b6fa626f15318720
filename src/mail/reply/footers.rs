//! The words that stand below a message and that nobody wrote for it, in many languages.
//!
//! Nothing but data: lower case, without the punctuation around them. A new language is a few words here.

/// Lines that phones and programs put under a message: how such a line begins.
#[rustfmt::skip]
pub const SENT_FROM: &[&str] = &[
    "sent via", "sent with", "sent using", "sent on the go", "sent with sparrow", "get outlook for",
    "download outlook for", "get bluemail for", "composed on", "written from my", "typed on my",
    "envoyé de mon", "envoyé depuis", "envoyé à partir de", "envoyé par", "envoyé avec",
    "envoyé via", "envoye de mon", "envoyé de yahoo", "envoyé de l’app", "télécharger outlook pour",
    "obtenir outlook pour", "obtenez outlook pour", "provenance : courrier", "von mobil gesendet",
    "von unterwegs gesendet", "gesendet von", "gesendet mit", "gesendet über", "gesendet aus",
    "holen sie sich outlook", "outlook für ios beziehen", "outlook für android beziehen",
    "outlook für ios herunterladen", "laden sie outlook für", "enviado desde", "enviado con",
    "enviado de mi", "enviado do", "enviado do yahoo", "enviado del", "enviado de meu",
    "enviado a partir", "enviado via", "enviado pelo", "enviado através", "obtener outlook para",
    "obtenga outlook para", "obter o outlook para", "obter outlook para", "baixe o outlook",
    "inviato da", "inviato dal", "inviato con", "inviato tramite", "ottieni outlook per",
    "scarica outlook per", "verzonden vanaf", "verzonden met", "verzonden via", "verstuurd vanaf",
    "verstuurd met", "verzonden vanuit", "outlook voor ios downloaden", "download outlook voor",
    "ontvang outlook voor", "skickat från", "skickades från", "skickat via", "hämta outlook för",
    "skaffa outlook för", "sendt fra", "sendt med", "sendt via", "hent outlook til",
    "skaff outlook for", "få outlook til", "hanki outlook", "wysłano z", "wysłane z",
    "wysłano za pomocą", "wysłane za pomocą", "wysłano ze", "pobierz outlook",
    "pobierz program outlook", "uzyskaj outlooka", "odesláno z", "odesláno ze", "odoslané z",
    "získejte outlook", "stáhněte si outlook", "отправлено с", "отправлено из", "отправлено через",
    "отправлено от", "послано с", "скачать outlook", "получите outlook", "надіслано з",
    "надіслано із", "відправлено з", "отримайте outlook", "iphone'umdan gönderildi",
    "iphone’umdan gönderildi", "ipad'imden gönderildi", "iphone'dan gönderildi", "ios için outlook",
    "android için outlook", "samsung cihazımdan gönderildi", "εστάλη από", "στάλθηκε από",
    "απεστάλη από", "αποκτήστε το outlook", "נשלח מה", "נשלח מ", "הורד את outlook",
    "השג את outlook", "أرسلت من", "تم الإرسال من", "أُرسلت من", "مرسل من", "الحصول على outlook",
    "احصل على outlook", "发自我的", "发送自", "從我的", "从我的", "來自我的", "来自我的", "發自我的", "获取 outlook",
    "取得 outlook", "通过 outlook", "iphoneから送信", "ipadから送信", "androidから送信", "outlook for ios を入手",
    "windows 版のメール から送信", "windows のメールから送信", "私のiphoneから送信", "내 iphone에서 보냄", "나의 iphone에서 보냄",
    "iphone에서 보냄", "ipad에서 보냄", "갤럭시에서 보냄", "내 갤럭시에서", "ios용 outlook", "android용 outlook",
    "iphone-ról küldve", "trimis de pe", "poslano s", "poslano iz", "dikirim dari", "được gửi từ",
    "sent from", "sent on the move", "sent by my", "sent by outlook", "please excuse",
    "please forgive", "excuse the", "excuse any", "excuse my", "apologies for", "yahoo mail:",
    "typed with", "typed on", "dictated", "unterwegs", "von mobil", "gesendet vom", "gesendet per",
    "vom handy", "vom iphone", "versendet mit", "versendet von", "verschickt mit",
    "geschrieben mit", "geschrieben von meinem", "diese nachricht wurde von meinem",
    "diese nachricht wurde mit", "dieses mail wurde", "diese e-mail wurde von meinem",
    "diese mail wurde von meinem", "entschuldigen sie tippfehler", "enviado de", "enviada do",
    "enviada de", "enviada desde", "enviada a partir", "enviada pelo", "enviada via",
    "enviado por mi", "obtenha o outlook", "obtenha outlook", "inviata da", "inviata dal",
    "inviato dall", "inviata tramite", "inviato via", "ophalen outlook", "verzonden door",
    "skickat med", "skaff deg outlook", "lähetetty iphone", "lähetetty ipad", "lähetetty puhelime",
    "lähetetty galaxy", "lähetetty samsung", "lähetetty outlook", "lähetetty yahoo",
    "lähetetty windows", "lähetetty android", "lähetetty matkapuhelime", "lähetetty kännykä",
    "lähetetty mobiili", "lähetetty minun", "lähetetty nokia", "lähetetty huawei",
    "lähetetty gmail", "lähetetty proton", "lähetetty laitteesta", "hae outlook",
    "pobierz aplikację outlook", "wysłana z", "wysłane przez", "wysłano przez", "wysłane przy",
    "odesláno pomocí", "odesláno přes", "získat outlook", "stáhnout outlook", "получить outlook",
    "отправлена с", "написано с", "отримати outlook", "завантажити outlook", "відправлено із",
    "αποστολή από", "λήψη του outlook", "קבל את outlook", "קבלת outlook", "发自", "寄件自", "傳送自",
    "来自 outlook", "来自outlook", "来自 iphone", "来自我", "從我", "获取适用于", "获取outlook", "נשלח באמצעות",
];

/// How such lines begin and end in languages that put the verb last. A device must be named, too.
#[rustfmt::skip]
pub const SENT_FROM_AROUND: &[(&str, &str)] = &[
    ("von ", "gesendet"), ("vom ", "gesendet"), ("mit ", "gesendet"), ("mobil", "gesendet"), ("über ", "gesendet"),
    ("von ", "geschickt"), ("von ", "versendet"), ("vom ", "geschrieben"), ("von mein", "geschrieben"),
    ("vanaf ", "verzonden"), ("vanuit ", "verzonden"), ("met ", "verzonden"), ("van mijn", "verzonden"),
    ("vanaf ", "verstuurd"), ("", "dan gönderildi"), ("", "den gönderildi"), ("", "tan gönderildi"),
    ("", "ten gönderildi"), ("", "ile gönderildi"), ("", "uygulamasını edinin"), ("", "에서 보냄"), ("", "에서 전송"),
    ("", "에서 보냈습니다"), ("", "에서 발송"), ("", "から送信"), ("", "から送信しました"), ("", "からの送信"),
    ("", "より送信"), ("", "から送信されました"), ("", "ról küldve"), ("", "ről küldve"), ("从", "发送"), ("由", "发送"),
    ("通过", "发送"), ("從", "發送"), ("從", "傳送"), ("由", "傳送"), ("透過", "傳送"),
];

/// Words for what such a line names.
#[rustfmt::skip]
pub const DEVICES: &[&str] = &[
    "iphone", "ipad", "ipod", "android", "galaxy", "samsung", "blackberry", "outlook", "phone", "smartphone",
    "mobile", "mobil", "handy", "huawei", "honor", "xiaomi", "redmi", "oppo", "oneplus", "nokia", "motorola", "xperia",
    "aquos", "pixel", "windows", "mail", "gmail", "yahoo", "proton", "tuta", "icloud", "aol", "app", "device", "gerät",
    "tablet", "macbook", "surface", "brevity", "typo", "tippfehler", "thumbs", "appareil", "téléphone", "móvil",
    "celular", "teléfono", "dispositivo", "telefon", "urządzeni", "zařízení", "enhed", "enhet", "laitte", "puhelim",
    "kännykä", "телефон", "смартфон", "мобіл", "мобил", "устройств", "пристро", "почт", "cihaz", "κινητ", "συσκευ",
    "טלפון", "סמארטפון", "מכשיר", "هاتف", "جهاز", "جوال", "スマートフォン", "スマホ", "携帯", "メール", "アプリ", "手机",
    "手機", "小米", "华为", "邮箱", "邮件", "客户端", "信箱", "郵件", "휴대폰", "휴대전화", "갤럭시", "아이폰", "메일",
];

/// How paragraphs begin that lists, newsletters and virus scanners put under a message.
#[rustfmt::skip]
pub const FOOTERS: &[&str] = &[
    "unsubscribe:", "unsubscribe from", "you received this message because you",
    "you are receiving this", "please consider the environment", "please think of the environment",
    "think before you print", "save a tree", "virus-free",
    "this email has been checked for viruses", "this e-mail has been checked for viruses",
    "this email has been scanned", "this message has been scanned", "scanned by",
    "denken sie an die umwelt", "bitte denken sie an die umwelt", "bitte prüfen sie der umwelt",
    "virenfrei", "diese e-mail wurde von avast", "diese e-mail wurde auf viren",
    "pensez à l'environnement", "pensez à l’environnement", "avant d'imprimer", "sans virus",
    "garanti sans virus", "antes de imprimir", "libre de virus", "prima di stampare",
    "privo di virus", "denk aan het milieu", "virusvrij", "tänk på miljön", "sem vírus",
    "wolny od wirusów", "без вирусов", "virüssüz", "get your free", "do you yahoo", "ᐧ",
    "to unsubscribe from", "to unsubscribe,", "to unsubscribe:", "to unsubscribe send",
    "to unsubscribe, send", "to unsubscribe click", "to unsubscribe please", "to unsubscribe or",
    "p please consider", "please do not print", "do you really need to print", "go green",
    "internal use - confidential", "company confidential", "um dieses abonnement",
    "sie erhalten diese e-mail, weil", "vous recevez ce message car",
    "has recibido este mensaje porque", "hai ricevuto questo messaggio perché",
    "este e-mail foi verificado", "cet e-mail a été vérifié", "el software de antivirus avast",
    "l'absence de virus dans ce courrier", "questa e-mail è stata controllata",
    "dit e-mailbericht is gecontroleerd", "ta wiadomość e-mail została sprawdzona",
    "это сообщение проверено на вирусы", "ympäristöä", "ajattele ympäristöä", "tenk på miljøet",
    "tænk på miljøet", "pomyśl o środowisku", "myslete na životní prostředí",
];

/// How paragraphs begin that lawyers put under a message; one of [`LEGAL_WORDS`] must follow.
#[rustfmt::skip]
pub const LEGAL_STARTS: &[&str] = &[
    "this e-mail", "this email", "this message", "this communication", "this transmission",
    "the information", "the contents of this", "confidential", "disclaimer", "legal notice",
    "privileged", "notice", "important", "caution", "privacy", "if you are not the",
    "if you have received this", "diese e-mail", "diese email", "diese mail", "diese nachricht",
    "der inhalt dieser", "die information", "die in dieser", "vertraulich", "haftungsausschluss",
    "hinweis", "wichtiger hinweis", "ce message", "ce courriel", "ce mail", "cet e-mail",
    "cet email", "avis de confidentialité", "les informations", "este mensaje", "este correo",
    "este e-mail", "aviso", "la información", "questo messaggio", "questa e-mail", "questa email",
    "le informazioni", "avviso", "esta mensagem", "este email", "as informações", "deze e-mail",
    "deze email", "dit bericht", "dit e-mailbericht", "de informatie", "de inhoud", "detta e-post",
    "detta meddelande", "denne e-mail", "denne e-post", "denne meddelelse", "tämä viesti",
    "tämä sähköposti", "ta wiadomość", "niniejsza wiadomość", "treść tej", "informacje zawarte",
    "tento e-mail", "tento email", "tato zpráva", "obsah této", "это сообщение", "данное сообщение",
    "настоящее сообщение", "информация", "це повідомлення", "bu e-posta", "bu mesaj", "bu ileti",
    "αυτό το μήνυμα", "το παρόν", "הודעה זו", "המידע", "هذه الرسالة", "本邮件", "此邮件", "本郵件", "本電子郵件",
    "このメール", "本メール", "この電子メール", "본 메일", "이 메일", "본 이메일", "ai sensi del", "la presente",
    "il presente messaggio", "la présente", "le présent", "si vous n'êtes pas", "sollten sie nicht",
    "falls sie nicht", "wenn sie nicht der", "si usted no es", "si no es usted", "se lei non è",
    "se non siete", "se você não", "indien u niet", "om du inte är", "hvis du ikke er",
    "jos et ole", "jeżeli nie", "jeśli nie jesteś", "pokud nejste", "если вы не являетесь",
    "якщо ви не є", "eğer bu", "εάν δεν είστε", "אם אינך", "إذا لم تكن", "如果您", "若您", "若非", "誤って",
    "만약 귀하", "any views", "all information", "internet communications", "e-mail confidentiality",
    "email confidentiality", "warning", "the sender",
];

/// Words that make a paragraph a lawyer's.
#[rustfmt::skip]
pub const LEGAL_WORDS: &[&str] = &[
    "confidential", "intended recipient", "intended only", "intended solely", "privileged", "virus",
    "unauthorized", "unauthorised", "vertraulich", "bestimmungsgemäße", "richtige adressat",
    "confidentiel", "destinataire", "confidencial", "destinatario", "destinatário", "riservat",
    "confidenzial", "vertrouwelijk", "geadresseerde", "konfidentiell", "avsedd", "fortrolig",
    "luottamuksel", "poufn", "adresat", "důvěrn", "конфиденциальн", "конфіденційн", "gizli",
    "εμπιστευτικ", "סודי", "חסוי", "سري", "机密", "機密", "保密", "기밀", "비밀", "konfidensiell", "taushet",
    "privat og", "fortroligt", "konfidentiellt", "vastaanottaja", "διαβαθμ", "مخصصة", "سرية",
    "机密信息", "秘密", "지정된", "수신인", "addressee", "in error",
];

/// Words that together with others make a paragraph a lawyer's, however it begins.
#[rustfmt::skip]
pub const LEGAL_SURE: &[&str] = &[
    "confidential", "privileged", "intended recipient", "in error", "notify", "delete", "destroy",
    "solely", "disclos", "unauthori", "viruses", "vertraulich", "irrtümlich", "empfänger",
    "löschen", "vernichten", "adressat", "informieren sie", "confidentiel", "destinataire",
    "par erreur", "détruire", "expéditeur", "confidencial", "destinatario", "por error", "elimin",
    "riservat", "per errore", "destinatário", "por engano", "apague", "vertrouwelijk",
    "geadresseerde", "abusievelijk", "afzender", "konfidentiell", "mottagare", "avsändare",
    "radera", "fortrolig", "modtager", "mottaker", "avsender", "slette", "luottamuksel",
    "vastaanottaja", "erehdyksessä", "lähettäj", "poufn", "adresat", "nadawc", "omyłk", "důvěrn",
    "adresát", "omylem", "odesílatel", "конфиденциальн", "адресат", "по ошибке", "отправител",
    "конфіденційн", "помилково", "відправник", "gizli", "yanlışlıkla", "gönderen", "εμπιστευτικ",
    "παραλήπτη", "αποστολέα",
];

/// Words of the particulars that a company must put under its mail.
#[rustfmt::skip]
pub const IMPRINT: &[&str] = &[
    "hrb", "hra ", "amtsgericht", "handelsregister", "registergericht", "geschäftsführer",
    "sitz der gesellschaft", "sitz:", "ust-id", "ust.-id", "ustid", "steuernummer", "vorstand:",
    "aufsichtsrat", "registered in", "registered office", "registration number", "company number",
    "company no", "vat no", "vat reg", "siège social", "rcs ", "siret", "capital social",
    "registro mercantil", "p.iva", "p. iva", "partita iva", "cod. fisc", "kvk", "btw-nr", "org.nr",
    "org. nr", "cvr", "y-tunnus", "krs", "nip:", "regon", "ičo", "инн", "огрн",
];

/// What such paragraphs may have as a heading of their own.
#[rustfmt::skip]
pub const FOOTER_HEADINGS: &[&str] = &[
    "disclaimer", "legal disclaimer", "email disclaimer", "legal notice", "confidentiality notice",
    "important notice", "confidential", "haftungsausschluss", "rechtlicher hinweis",
    "vertraulichkeitshinweis", "avis de confidentialité", "avertissement", "aviso legal",
    "aviso de confidencialidad", "aviso de confidencialidade", "avviso di riservatezza",
    "avvertenza", "klauzula poufności", "免责声明", "免責聲明", "保密声明",
];
