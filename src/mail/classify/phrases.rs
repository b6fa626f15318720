//! The words by which mail systems say what happened, in the languages they speak.
//!
//! Nothing but data, lower case. A new system or language is a few words here.

/// Subjects of automatic answers: the whole subject, or what stands before a colon, dash or bracket.
#[rustfmt::skip]
pub(crate) const AUTO_REPLY_SUBJECTS: &[&str] = &[
    "auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse",
    "auto responder", "autoresponder", "automatic reply", "automatic response", "automated reply",
    "automated response", "automatic answer", "auto answer", "automatic email reply",
    "out of office", "out-of-office", "out of the office", "out of office reply",
    "out of office autoreply", "out of office auto-reply", "out of office auto reply",
    "out of office response", "out of office message", "out of office notification",
    "out of office notice", "out of office assistant", "ooo", "oof", "vacation reply",
    "vacation response", "vacation autoreply", "away from my mail", "away from the office",
    "i am out of the office", "i'm out of the office", "i am currently out of the office",
    "away message", "automatische antwort", "automatische antwort auf", "automatische rückantwort",
    "automatische rückmeldung", "automatische mitteilung", "automatische benachrichtigung",
    "autoantwort", "auto-antwort", "abwesenheitsnotiz", "abwesenheitsmeldung",
    "abwesenheitsnachricht", "abwesenheitsbenachrichtigung", "abwesenheitsassistent",
    "nicht im büro", "ich bin nicht im büro", "außer haus", "réponse automatique",
    "reponse automatique", "réponse auto", "absence du bureau", "message d'absence",
    "message d’absence", "notification d'absence", "avis d'absence", "absent du bureau",
    "hors du bureau", "absente du bureau", "je suis absent", "je suis absente",
    "respuesta automática", "respuesta automatica", "contestación automática",
    "fuera de la oficina", "fuera de oficina", "mensaje automático", "resposta automàtica",
    "risposta automatica", "risposta automatica per assenza", "fuori sede", "fuori ufficio",
    "assenza dall'ufficio", "fuori dall'ufficio", "resposta automática", "resposta automatica",
    "ausência temporária", "fora do escritório", "fora do escritorio", "ausente do escritório",
    "automatisch antwoord", "automatische antwoord", "automatische beantwoording",
    "afwezigheidsbericht", "afwezigheidsassistent", "niet op kantoor", "autosvar", "auto-svar",
    "automatiskt svar", "automatisk svar", "automatisk besvarelse", "frånvaromeddelande",
    "ej på kontoret", "fraværsmelding", "fraværsbesked", "ikke til stede", "ikke på kontoret",
    "ikke til stede på kontoret", "automaattinen vastaus", "automaattivastaus", "poissaoloilmoitus",
    "poissa toimistosta", "odpowiedź automatyczna", "automatyczna odpowiedź", "autoodpowiedź",
    "nieobecność w biurze", "poza biurem", "jestem poza biurem", "automatická odpověď",
    "automatická odpoveď", "automatická odpověd", "mimo kancelář", "автоответ",
    "автоматический ответ", "автоматическое уведомление", "в отпуске", "вне офиса", "автовідповідь",
    "автоматична відповідь", "автоматичен отговор", "у відпустці", "otomatik yanıt",
    "otomatik cevap", "otomatik cevaplama", "ofis dışında", "ofis dışındayım", "izindeyim",
    "αυτόματη απάντηση", "εκτός γραφείου", "מענה אוטומטי", "תשובה אוטומטית", "מחוץ למשרד",
    "הודעת היעדרות", "رد تلقائي", "الرد التلقائي", "خارج المكتب", "自动回复", "自動回覆", "自动答复", "自動回復",
    "不在办公室", "外出通知", "休假通知", "自動応答", "自動返信", "自動返答", "不在通知", "부재중", "부재 중", "자동 회신", "자동 응답",
    "자동회신", "자동응답", "부재중 자동 응답", "자동 답장", "automatikus válasz", "házon kívül", "răspuns automat",
    "automatski odgovor", "samodejni odgovor", "trả lời tự động", "balasan otomatis",
    "autorrespuesta", "autorespuesta", "respuesta de ausencia", "réponse d'absence",
    "réponse d’absence", "automatische e-mail-antwort", "automatische email-antwort",
    "automatische e-mail", "automatische nachricht", "automatische eingangsbestätigung",
    "urlaubsvertretung", "assenza dal lavoro", "mensaje de ausencia", "mensagem automática",
    "mensagem de ausência", "risposta di assenza", "messaggio di assenza", "wiadomość automatyczna",
    "powiadomienie o nieobecności", "автоответчик", "автоматическое сообщение", "поза офісом",
    "автоматичне повідомлення", "הודעה אוטומטית", "رد تلقائى", "رد آلي", "رسالة تلقائية", "부재중 알림",
    "부재중 메시지", "자동 메시지", "不在のお知らせ", "休暇のお知らせ", "不在連絡", "外出自动回复", "休假自动回复", "度假自動回覆", "度假自动回复",
    "外出自動回覆", "ofis dışı", "otomatik mesaj", "otomatik yanit", "automaattinen poissaoloviesti",
    "automatische afwezigheidsmelding", "automatisch bericht", "αυτόματο μήνυμα", "fraværende",
    "automatisk meddelelse", "autoreply from", "automatická zpráva", "resposta de ausência",
    "automaatvastus", "automaatne vastus", "automātiska atbilde", "automātiskā atbilde", "automatinis atsakymas",
    "ตอบกลับอัตโนมัติ", "การตอบกลับอัตโนมัติ", "ข้อความตอบกลับอัตโนมัติ", "پاسخ خودکار", "sjálfvirkt svar", "स्वचालित उत्तर", "аутоматски одговор",
];

/// Words of subjects of such answers which a person's subject may have as well: the text must say so, too.
#[rustfmt::skip]
pub(crate) const AWAY_SUBJECTS: &[&str] = &[
    "auto", "vacation", "on vacation", "on holiday", "on leave", "annual leave", "maternity leave",
    "parental leave", "i am away", "im urlaub", "urlaub", "elternzeit", "absence", "abwesend",
    "abwesenheit", "absent", "en congé", "en congés", "en vacances", "ausencia", "ausente",
    "de vacaciones", "assente", "assenza", "in ferie", "ausência", "em férias", "afwezig",
    "afwezigheid", "niet aanwezig", "frånvaro", "frånvarande", "fravær", "på semester", "på ferie",
    "poissa", "poissaolo", "lomalla", "nieobecność", "urlop", "dovolená", "nepřítomnost",
    "nepřítomen", "neprítomnosť", "отпуск", "отсутствие", "нет на месте", "відсутній", "απουσία",
    "外出中", "休暇中", "vacation message", "v nepřítomnosti", "out of office",
    "out of the office", "ooo", "away from office", "away from my desk", "on annual leave",
    "is out of the office", "i am out of", "i'm out of", "i will be out of", "currently out of",
    "currently away", "on parental leave", "on maternity leave", "on sick leave",
    "on vacation until", "ist abwesend", "ist außer haus", "ist nicht im büro", "ist im urlaub",
    "nicht im büro", "außer haus", "bin abwesend", "bin im urlaub", "bin verreist",
    "je suis absent", "suis en congé", "suis en vacances", "est absent", "absente",
    "actuellement absent", "hors du bureau", "fuera de la oficina", "fuera de oficina",
    "estoy de vacaciones", "estoy ausente", "sono in ferie", "sono fuori", "sono assente",
    "fuori ufficio", "è assente", "estou de férias", "estou ausente", "fora do escritório",
    "estou fora", "ik ben op vakantie", "ik ben afwezig", "met vakantie", "op vakantie",
    "is afwezig", "jag är på semester", "jag är inte på kontoret", "är bortrest", "tjänstledig",
    "föräldraledig", "jeg er på ferie", "jeg er ikke på kontoret", "er ikke på kontoret",
    "bortreist", "olen lomalla", "olen poissa", "on lomalla", "on poissa", "jestem na urlopie",
    "jestem nieobecn", "na urlopie", "przebywam na", "jsem na dovolené", "jsem mimo",
    "na dovolenej", "nejsem v kanceláři", "я в отпуске", "в отпуске", "отсутствую",
    "нахожусь в отпуске", "я у відпустці", "у відпустці", "відсутня", "izindeyim", "tatildeyim",
    "yıllık izin", "ofis dışında", "ofiste değilim", "απουσιάζω", "είμαι σε άδεια",
    "βρίσκομαι σε άδεια", "σε άδεια", "אני בחופשה", "בחופשה", "לא במשרד", "נמצא בחופשה",
    "أنا في إجازة", "في إجازة", "خارج المكتب", "休假", "正在休假", "外出", "出差中", "不在办公室", "不在辦公室", "年假",
    "不在", "休暇", "夏季休業", "휴가", "부재", "출장 중", "외근",
];

/// How people say in the text that they are away.
#[rustfmt::skip]
pub(crate) const AWAY_TEXTS: &[&str] = &[
    "i am away", "i'm away", "i am out of", "i'm out of", "i am currently out", "i will be out",
    "currently out of", "will be away", "am on vacation", "am on holiday", "am on leave",
    "on annual leave", "on maternity leave", "on parental leave", "i will return", "i'll return",
    "will be back", "i am back", "back in the office", "returning on", "upon my return",
    "on my return", "when i return", "limited access to", "no access to e", "urgent matters",
    "in urgent cases", "for urgent", "not in the office", "out of office", "nicht im büro",
    "bin abwesend", "abwesend", "im urlaub", "außer haus", "wieder erreichbar", "wieder da",
    "wieder im büro", "wieder zurück", "ihre e-mail wird nicht", "wird nicht weitergeleitet",
    "nicht gelesen", "in dringenden fällen", "meine vertretung", "elternzeit", "je suis absent",
    "absent du bureau", "absente", "en congé", "en vacances", "de retour", "mon retour",
    "en cas d'urgence", "estoy fuera", "fuera de la oficina", "de vacaciones", "estaré ausente",
    "ausente", "a mi regreso", "a la vuelta", "en caso de urgencia", "asuntos urgentes",
    "sono in ferie", "sarò assente", "sono assente", "fuori ufficio", "fuori sede",
    "al mio rientro", "rientrerò", "in caso di urgenza", "per urgenze", "estou de férias",
    "estarei ausente", "fora do escritório", "de férias", "meu retorno", "meu regresso",
    "em caso de urgência", "assuntos urgentes", "ben ik weer", "ik ben op vakantie",
    "ik ben afwezig", "afwezig", "op vakantie", "niet op kantoor", "bij dringende",
    "in dringende gevallen", "ben terug", "är tillbaka", "inte på kontoret", "föräldraledig",
    "brådskande", "vid brådskande", "på ferie", "ikke på kontoret", "er tilbake", "er tilbage",
    "hastesaker", "ved hastende", "lomalla", "poissa", "palaan", "kiireellis", "tavoitettavissa",
    "na urlopie", "nieobecn", "wracam", "w pilnych sprawach", "poza biurem", "na dovolené",
    "nepřítom", "mimo kancelář", "v naléhav", "vrátím se", "budu zpět", "в отпуске", "отсутств",
    "вернусь", "буду на месте", "по срочным вопросам", "у відпустці", "відсутн", "повернуся",
    "izindeyim", "tatilde", "ofis dışında", "döneceğim", "απουσιάζω", "απουσία", "σε άδεια",
    "επιστρέφω", "επιστρέψω", "בחופשה", "מחוץ למשרד", "אשוב", "אחזור", "إجازة", "خارج المكتب",
    "سأعود", "أعود", "休假", "不在办公室", "不在辦公室", "回来后", "回來後", "休暇", "不在", "不在に", "休業", "戻り次第", "휴가",
    "부재", "복귀", "자리를 비", "正在外出", "外出中", "出差中", "är på semester", "har semester", "izinde olacağım",
    "yıllık izinde",
];

/// Subjects of receipts in words: the beginning.
#[rustfmt::skip]
pub(crate) const RECEIPT_SUBJECTS: &[&str] = &[
    "read:", "not read:", "gelesen:", "ungelesen gelöscht:", "nicht gelesen:", "lu :", "lu:",
    "non lu", "leído:", "no leído:", "letto:", "non letto:", "lida:", "lido:", "não lida:",
    "gelezen:", "niet gelezen:", "läst:", "oläst:", "læst:", "ikke læst:", "lest:", "ikke lest:",
    "luettu:", "przeczytano:", "přečteno:", "prečítané:", "прочитано:", "прочтено:", "okundu:",
    "αναγνώστηκε:", "διαβάστηκε:", "נקרא:", "تمت القراءة:", "مقروءة:", "已读:", "已讀:", "已阅读", "開封済み:",
    "開封済み：", "읽음:", "return receipt", "read receipt", "read-receipt", "disposition notification",
    "lesebestätigung", "empfangsbestätigung", "accusé de lecture", "accusé de réception",
    "confirmación de lectura", "conferma di lettura", "ricevuta di ritorno",
    "confirmação de leitura", "leesbevestiging", "läskvitto", "kvittering for læsning",
    "lesebekreftelse", "lukukuittaus", "potwierdzenie przeczytania", "potvrzení o přečtení",
    "уведомление о прочтении", "okundu bilgisi",
];

/// What their text says.
#[rustfmt::skip]
pub(crate) const RECEIPT_TEXTS: &[&str] = &[
    "was read on", "was read at", "has been read", "was displayed", "was opened on",
    "without being read", "return receipt", "read receipt", "gelesen", "angezeigt",
    "empfangsbestätigung", "a été lu", "a été affiché", "sans avoir été lu", "se leyó", "fue leído",
    "ha sido leído", "è stato letto", "è stata letta", "visualizzato", "foi lida", "foi lido",
    "is gelezen", "har lästs", "lästes", "blev læst", "ble lest", "on luettu", "luettiin",
    "przeczytan", "byla přečtena", "přečten", "прочитано", "прочтено", "okundu", "διαβάστηκε",
    "נקראה", "تمت قراءة", "已被阅读", "已阅读", "已讀取", "開封", "読まれ", "읽었습니다", "읽음",
];

/// Subjects of mails about a mail that could not be delivered.
#[rustfmt::skip]
pub(crate) const BOUNCE_SUBJECTS: &[&str] = &[
    "[bounce]", "delivery status", "delivery status notification", "delivery notification",
    "delivery failure", "delivery failed", "delivery report", "delivery error", "delivery problem",
    "mail delivery fail", "mail delivery problem", "mail delivery error", "mail delivery status",
    "mail delivery system", "message delivery", "email delivery failure", "delivery has failed",
    "delivery unsuccessful", "delivery incomplete", "undelivered", "undeliverable",
    "undeliverable mail", "non-delivery", "nondelivery", "non delivery", "not delivered",
    "returned mail", "returned email", "returned to sender", "mail returned", "message returned",
    "returning message to sender", "failure notice", "failure delivery", "failed mail",
    "failed delivery", "mail failure", "mail system error", "mail error",
    "message you sent blocked", "rejected mail", "message rejected", "could not be delivered",
    "could not send", "couldn't be delivered", "cannot be delivered", "can't deliver",
    "unable to deliver", "was not delivered", "wasn't delivered", "not deliverable",
    "error sending your mail", "error delivering", "user unknown", "unknown user", "mailbox full",
    "over quota", "warning: could not send", "warning: message", "delayed mail", "mail could not",
    "unzustellbar", "nicht zustellbar", "nicht zugestellt", "konnte nicht zugestellt",
    "zustellung fehlgeschlagen", "zustellungsfehler", "zustellstatus", "zustellbenachrichtigung",
    "unzustellbarkeit", "rückläufer", "zurückgewiesen", "nicht ausgeliefert", "non remis",
    "échec de la remise", "échec de remise", "echec de la remise", "non délivré", "non distribué",
    "non-remise", "impossible de remettre", "erreur de distribution", "non distribuable",
    "notification d'état de remise", "échec de distribution", "no se puede entregar",
    "no se pudo entregar", "no entregado", "no entregable", "error de entrega", "fallo de entrega",
    "fallo en la entrega", "correo devuelto", "mensaje devuelto",
    "notificación de estado de entrega", "no se ha podido entregar", "mancato recapito",
    "non recapitabile", "non recapitato", "impossibile recapitare", "errore di consegna",
    "mancata consegna", "notifica dello stato", "messaggio non consegnato", "não entregue",
    "não foi entregue", "falha na entrega", "falha de entrega", "não foi possível entregar",
    "não é possível entregar", "devolvida", "notificação de status de entrega",
    "notificação do status", "onbestelbaar", "niet bezorgd", "niet afgeleverd",
    "kan niet worden bezorgd", "bezorging mislukt", "niet te bezorgen", "kunde inte levereras",
    "kan inte levereras", "olevererbart", "ej levererat", "kan ikke leveres", "kunne ikke leveres",
    "ikke leveret", "ikke levert", "uleverbar", "leveringsfejl", "toimittamaton",
    "ei voitu toimittaa", "ei toimitettu", "toimitus epäonnistui", "nie można dostarczyć",
    "niedostarczon", "nie dostarczono", "niedoręczon", "zwrot wiadomości", "nelze doručit",
    "nedoručiteln", "nedoručen", "nebylo možné doručit", "не доставлено", "недоставленное",
    "недоставлен", "не удается доставить", "не удалось доставить", "ошибка доставки",
    "не може бути доставлен", "не доставлен", "teslim edilemedi", "iletilemedi", "gönderilemedi",
    "teslim edilemeyen", "αδυναμία παράδοσης", "δεν παραδόθηκε", "μη παραδοτέο", "לא ניתן למסור",
    "לא נמסר", "כשל במסירה", "تعذر تسليم", "لم يتم تسليم", "غير قابل للتسليم", "فشل التسليم",
    "无法送达", "无法投递", "退信", "投递失败", "未送达", "未传递", "系统退信", "無法傳遞", "無法投遞", "未傳遞", "退回", "配信不能",
    "配信できません", "配信エラー", "送信できません", "未送信", "送信エラー", "宛先不明", "返送", "不達", "メール送信エラー", "전달되지", "배달되지",
    "배달할 수", "전송 실패", "반송", "배달 실패", "수신 실패", "toimittaminen ei onnistu", "ei voida toimittaa",
    "не вдалося доставити", "недоставлено", "δεν ήταν δυνατή η παράδοση", "αποτυχία παράδοσης",
    "לא ניתן למסירה", "המסירה נכשלה", "delivery delayed", "delivery is delayed",
    "zustellung verzögert", "verzögerte zustellung", "remise retardée", "remise différée",
    "entrega retrasada", "se retrasó la entrega", "recapito ritardato", "entrega atrasada",
    "bezorging vertraagd", "leverans försenad", "levering forsinket", "toimitus viivästyi",
    "dostarczanie opóźnione", "doručení zpožděno", "доставка задерж", "teslimat gecikti", "传递延迟",
    "配信の遅延", "配信遅延", "배달 지연", "システムエラー", "メールエラー",  "전송실패", "반송메일", "zpráva nebyla doručena",
    "nebyla doručena", "nebylo doručeno", "nie została dostarczona", "no ha sido entregado",
    "no entregada", "n'a pas été délivré", "n’a pas été délivré", "non livré", "annahme verweigert",
    "message status - undeliverable", "permanent delivery failure", "message delivery failure",
    "email blocked", "message blocked", "message quarantined", "mail blocked", "rejected:",
    "blocked:",
];

/// Words of a report's text that a mail did not arrive.
#[rustfmt::skip]
pub(crate) const BOUNCE_TEXTS: &[&str] = &[
    "could not be delivered", "couldn't be delivered", "couldn’t be delivered",
    "cannot be delivered", "was not delivered", "wasn't delivered", "wasn’t delivered",
    "not be delivered", "failed to deliver", "delivery failed", "delivery has failed",
    "delivery failure", "delivery to the following recipient", "unable to deliver",
    "wasn't able to deliver", "was not able to deliver", "undeliverable", "undelivered",
    "had delivery problems", "had permanent fatal errors", "did not reach the following recipient",
    "permanent error", "permanent failure", "permanent fatal error", "returned to sender",
    "following address(es) failed", "following addresses failed", "user unknown", "unknown user",
    "no such user", "unknown recipient", "recipient unknown", "recipients unknown",
    "invalid recipient", "recipient address rejected", "rejected by a remote mail server",
    "rejected by the recipient", "rejected your message", "message was rejected",
    "message has been rejected", "mailbox unavailable", "mailbox full", "mailbox is full",
    "quota exceeded", "over quota", "error occurred while trying to deliver",
    "error has occurred while attempting to deliver", "error delivering your mail", "error sending",
    "address not found", "not a known user", "does not exist", "trouble delivering your message",
    "non-delivered information", "giving up on", "gave up", "mail system error", "failure reasons",
    "reason for failure", "host unknown", "message you sent blocked", "this is a bounce",
    "delivery attempts", "no valid recipients", "konnte nicht zugestellt",
    "nicht zugestellt werden", "nicht zustellbar", "unzustellbar", "zustellung fehlgeschlagen",
    "fehler bei der zustellung", "n'a pas pu être", "n'a pas été remis", "impossible de remettre",
    "échec de la remise", "no se pudo entregar", "no se ha podido entregar",
    "no pudo ser entregado", "error al entregar", "impossibile recapitare",
    "non è stato recapitato", "non è stato possibile recapitare",
    "non è stato possibile consegnare", "não foi possível entregar", "não pôde ser entregue",
    "não foi entregue", "niet worden bezorgd", "niet worden afgeleverd", "kunde inte levereras",
    "kunne ikke leveres", "ei voitu toimittaa", "nie można dostarczyć",
    "nie mogła zostać dostarczona", "nie została dostarczona", "nelze doručit",
    "nemohla být doručena", "не может быть доставлен", "не удалось доставить", "не было доставлено",
    "не доставлено", "не може бути доставлен", "teslim edilemedi", "iletilemedi",
    "δεν ήταν δυνατή η παράδοση", "לא ניתן היה למסור", "تعذر تسليم", "لم يتم تسليم", "无法送达", "无法投递",
    "未能送达", "無法傳遞", "退信", "送信に失敗", "送信できませんでした", "配信できませんでした", "届けることができませんでした", "送信することができません",
    "存在しない", "宛先が見つかり", "전달되지 않", "전달할 수 없", "배달할 수 없", "배달되지", "not been delivered",
    "remote server returned", "toimittaminen ei onnistu", "epäonnistui", "не вдалося доставити",
    "παράδοση απέτυχε", "המסירה נכשלה", "נכשלה", "فشل التسليم",
    "levering til disse", "mislykkedes", "mislyktes", "det gick inte att leverera",
    "doručení se nepodařilo", "nepodařilo doručit", "配信に失敗", "傳遞", "传递邮件失败", "배달하지 못", "전달되지 못",
    "전송에 실패", "was blocked by", "has been blocked", "could not be reached", "could not deliver",
    "unrouteable address", "unroutable", "mailbox not found", "user not found",
    "account is disabled", "account has been disabled", "rejected by an email policy",
    "contains malware", "removed from the mail queue", "delivery is delayed",
    "hasn't been delivered", "noch nicht zugestellt", "noch nicht ausgeliefert",
    "n'a pas encore été remis", "aún no se ha entregado", "non è stato ancora recapitato",
    "ainda não foi entregue", "nog niet bezorgd", "ännu inte levererats", "endnu ikke leveret",
    "ennå ikke levert", "nie została jeszcze dostarczona", "zatím nebyla doručena",
    "еще не доставлено",
];

/// Words that only a report has.
#[rustfmt::skip]
pub(crate) const SURE_TEXTS: &[&str] = &[
    "able to deliver your message", "following address(es) failed", "addresses failed",
    "did not reach the following recipient", "delivery to the following recipient",
    "had permanent fatal errors", "had delivery problems", "this is a permanent error",
    "could not be delivered to one or more", "could not be delivered to:",
    "message that you sent could not be delivered",
    "this message was created automatically by mail delivery software", "original message follows",
    "copy of the message", "remote server returned '", "resolver.adr", "generating server:",
    "rejected by a remote mail server", "smtp error from remote", ">>> rcpt to", "<<< 550",
    "<-- 550", "was blocked by our", "permanent fatal delivery errors", "remote host said:",
    "undeliverable due to the following reason",
];

/// Local parts of those who look after mail, letters only; they write other mails, too.
#[rustfmt::skip]
pub(crate) const DUTY_ADDRESSES: &[&str] = &[
    "postmaster", "sysadmin", "mailadmin", "mailsystem", "mmsc", "mail", "mailmaster", "mta", "smtp",
    "systemadministrator", "maildelivery", "maildeliverysystem", "postmasterout", "mailerror",
];

/// Beginnings of subjects of complaints that providers pass on, and who sends them.
pub(crate) const COMPLAINT_SUBJECTS: &[&str] = &[
    "complaint about message",
    "email feedback report",
    "abuse report",
    "email abuse report",
    "feedback loop",
    "spam complaint",
];
pub(crate) const COMPLAINT_ADDRESSES: &[&str] = &[
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
pub(crate) const DELAYS: &[&str] = &[
    "delayed", "delay)", "delivery delay", "has been delayed", "still being retried",
    "will be retried", "will retry", "will continue to be", "will continue trying",
    "will keep trying", "warning: could not send message for past", "could not be sent within",
    "not yet been delivered", "have not yet been", "has not yet been", "no action is required",
    "this is a warning", "warning only", "temporary failure", "temporary error", "transient",
    "you do not need to resend", "no need to resend", "not need to re-send",
    "attempts to deliver the message will continue", "verzögert", "verzögerung",
    "weiterhin versucht", "retardé", "retardée", "retard de", "retrasado", "retraso", "demorado",
    "ritardo", "ritardato", "atraso", "atrasada", "vertraagd", "vertraging", "försenad", "fördröjd",
    "forsinket", "viivästynyt", "opóźnion", "opóźnienie", "zpožděn", "задерж", "затримк", "gecik",
    "καθυστέρ", "עיכוב", "تأخ", "延迟", "延遲", "遅延", "지연", "delivery delayed", "delivery is delayed",
    "hasn't been delivered yet", "delivery will continue", "will continue for", "warning: message",
    "noch nicht zugestellt", "zustellversuch wird fortgesetzt", "remise différée",
    "pas encore été remis", "aún no se ha entregado", "ancora stato recapitato",
    "ainda não foi entregue", "nog niet bezorgd", "ännu inte levererats", "endnu ikke leveret",
    "ennå ikke levert", "ei ole vielä toimitettu", "jeszcze dostarczona", "zatím nebyla",
    "еще не доставлено", "ще не доставлено", "henüz teslim",
];

/// Words by which a server goes on trying, whatever else it says of failures.
#[rustfmt::skip]
pub(crate) const STILL_TRIED: &[&str] = &[
    "warning only", "warning message only", "do not need to resend", "no need to resend", "not need to re-send",
    "no action is required", "still being retried", "will be retried", "will continue to be", "will continue trying",
    "will continue for", "will keep trying", "delivery attempts will continue", "delivery will continue",
    "attempts to deliver the message will continue", "weiterhin versucht", "weitere zustellversuche",
    "zustellversuch wird fortgesetzt", "nouvelles tentatives", "se seguirá intentando", "verranno effettuati altri tentativi",
    "novas tentativas", "opnieuw geprobeerd",
];

/// Words that nobody tries any more.
#[rustfmt::skip]
pub(crate) const TRIED_NO_MORE: &[&str] = &[
    "giving up", "given up", "gave up", "expired", "retry timeout", "will not be retried", "no longer be retried",
    "returned to sender", "failure notice",
];

/// Words that a sender's system has given up, even where the last error was a passing one.
#[rustfmt::skip]
pub(crate) const GIVEN_UP: &[&str] = &[
    "returned to sender", "undelivered", "undeliverable", "giving up", "given up", "gave up",
    "permanent", "expired", "too long", "retry timeout", "failed after", "unrouteable",
    "could not be delivered to one or more", "failure notice", "delivery failed", "delivery has failed",
    "message delivery failed", "mail delivery failed", "(failure)",
];

/// Lines below which the mail that came back is shown.
#[rustfmt::skip]
pub(crate) const ORIGINAL_BELOW: &[&str] = &[
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
#[rustfmt::skip]
pub(crate) const DAEMONS: &[&str] = &[
    "interscan mss", "interscan", "mailmarshal", "mail gateway", "message gateway", "mailer-daemon",
    "mailer daemon", "mailerdaemon", "mail delivery system", "mail delivery subsystem",
    "mail delivery service", "mail delivery", "mail administrator", "system administrator",
    "systemadministrator", "administrateur système", "microsoft outlook", "ndr administrator",
    "postmaster", "mail system", "internet mail delivery", "mdaemon", "bounce notification",
    "mail router", "message delivery", "microsoft exchange", "barracuda", "spam firewall",
    "email gateway", "delivery service", "mail administration", "hanmail",
    "email delivery subsystem", "mail transport",
];

/// Local parts of their addresses, letters only.
#[rustfmt::skip]
pub(crate) const DAEMON_ADDRESSES: &[&str] = &[
    "mailerdaemon", "maildaemon", "mdaemon", "bouncedaemon", "maildeliverysubsystem", "mailerdeamon",
];
