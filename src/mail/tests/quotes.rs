//! Answers whose old part is marked in some other way than by a plain introduction and `>`.

use super::html;
use super::plain;
use super::read;

fn new_of(text: &str) -> String {
    read(plain("Re: Pumpe", text)).new_text
}

#[test]
fn signatures_that_the_markup_names_are_left_out_of_an_answer() {
    let card = "Ida Berg<br>Werk Nord, Halle 3";
    for block in [
        format!("<div class=\"gmail_signature\" dir=\"ltr\">{card}</div>"),
        format!(
            "<div dir=\"ltr\" class=\"gmail_signature_prefix\">-- </div><div class=\"gmail_signature\"><div>{card}</div></div>"
        ),
        format!("<div id=\"Signature\" class=\"elementToProof\"><p>{card}</p></div>"),
        format!("<div id=\"ms-outlook-mobile-signature\">{card}</div>"),
        format!("<div id=\"x_Signature\"><div><div>{card}</div></div></div>"),
        format!("<div id=\"AppleMailSignature\" dir=\"ltr\">{card}</div>"),
        format!(
            "<div class=\"protonmail_signature_block\"><div class=\"protonmail_signature_block-user\">{card}</div></div>"
        ),
        format!("<div class=\"ydp3f1a2bsignature\">{card}</div>"),
        format!("<div id=\"Zm-_Id_-Sgn\" data-sigid=\"7\">{card}</div>"),
        format!("<pre class=\"moz-signature\" cols=\"72\">{card}</pre>"),
        format!("<div name=\"messageSignatureSection\"><br>{card}</div>"),
    ] {
        let markup = format!(
            "<div>Sie leckt wieder.</div><br>{block}<div>Bitte bald.</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">Am Mo., 6. Mai 2024 um 10:00 Uhr schrieb Help &lt;help@desk.test&gt;:<br></div><blockquote>Läuft sie?</blockquote></div>"
        );
        let mail = read(html("Re: Pumpe", &markup));
        let words: Vec<&str> = mail.new_text.split_whitespace().collect();
        assert_eq!(words.join(" "), "Sie leckt wieder. Bitte bald.", "{block}");
        assert!(mail.text.contains("Werk Nord"), "{block}");
        let only = read(html("Re: Pumpe", &block));
        assert!(only.new_text.contains("Ida Berg"), "{block}");
        let first = read(html("Pumpe", &markup));
        assert!(first.new_text.contains("Werk Nord"), "{block}");
    }
    for block in [
        "<div class=\"signature-form\">Ida Berg</div>",
        "<td class=\"signature_date\">Ida Berg</td>",
        "<div id=\"design\">Ida Berg</div>",
    ] {
        let mail = read(html("Re: Pumpe", &format!("<p>Sie leckt.</p>{block}")));
        assert!(mail.new_text.contains("Ida Berg"), "{block}");
    }
}

#[test]
fn an_unknown_label_does_not_end_a_quoted_header() {
    for head in [
        "Da: Help\nRisposta: Help Desk\nData: lunedì 6 maggio 2024 10:00\nA: Ida Berg\nOggetto: Pumpe",
        "Von: Help\nGesendet: Montag, 6. Mai 2024 10:00\nVertraulichkeit: keine\nAn: Ida Berg\nBetreff: Pumpe",
        "De : Help\nOrganisme : Atelier Nord\nEnvoyé : lundi 6 mai 2024 10:00\nÀ : Ida Berg\nObjet : Pompe",
        "From: Help\nDepartment: Pumps\nSent: Monday, May 6, 2024 10:00 AM\nTo: Ida Berg\nSubject: Pump",
        "De: Help\nEnviado: lunes, 6 de mayo de 2024 10:00\nClasificación: interna\nPara: Ida Berg\nAsunto: Bomba",
        "Van: Help\nDatum: maandag 6 mei 2024 10:00\nAfdeling: Noord\nAan: Ida Berg\nOnderwerp: Pomp",
        "Od: Help\nWysłano: 6 maja 2024 10:00\nPoufność: brak\nDo: Ida Berg\nTemat: Pompa",
    ] {
        assert_eq!(new_of(&format!("Sie leckt.\n\n{head}\n\nLäuft sie?\n")), "Sie leckt.", "{head}");
    }
    let form = "Von: Lager\nKiste: 12\nHalle: 3\nAnsprechpartner Ida";
    assert_eq!(new_of(&format!("So steht es da:\n\n{form}\n")), format!("So steht es da:\n\n{form}"));
}

#[test]
fn lines_with_other_marks_are_quotes() {
    for mark in ["|", "│", "┃", "＞", "»", "¦", ":|"] {
        let text = format!(
            "Sie leckt.\n\nAm 6.5.2024 schrieb Help:\n{mark} Läuft die Pumpe?\n{mark} Und der Motor?\n{mark} Help\n"
        );
        assert_eq!(new_of(&text), "Sie leckt.", "{mark}");
    }
    let table = "| Teil | Zahl |\n| Pumpe | 2 |\n| Motor | 1 |";
    assert_eq!(new_of(&format!("Hier die Liste:\n\n{table}\n")), format!("Hier die Liste:\n\n{table}"));
    let drawn = "Das Programm zeigt\n│ E17\n│ E18\n\nund steht dann.";
    assert_eq!(new_of(drawn), drawn);
}

#[test]
fn an_introduction_may_have_no_colon_and_be_broken_by_empty_lines() {
    for intro in [
        "On Thu, 31 Mar 2016 at 11:16 Help\n\n<\nmailto:Help <help@desk.test>\n> wrote:",
        "Am Do., 31. März 2016 um 11:16 Uhr\n\nHelp <help@desk.test>\n\nschrieb:",
        "Le jeu. 31 mars 2016 à 11:16,\n\nHelp <help@desk.test>\n\na écrit :",
        "El jue, 31 mar 2016 a las 11:16, Help\n\n<help@desk.test>\n\nescribió:",
        "Il giorno gio 31 mar 2016 alle ore 11:16\nHelp\n<help@desk.test>\n\nha scritto:",
        "On Mon, May 6, 2024 at 10:00 AM Help <help@desk.test> wrote",
        "Am 06.05.2024 um 10:00 schrieb Help <help@desk.test>",
        "Op ma 6 mei 2024 om 10:00 schreef Help <help@desk.test>",
        "Den 6 maj 2024 kl. 10:00 skrev Help <help@desk.test>",
        "Help <help@desk.test> schrieb am Mo., 6. Mai 2024, 10:00",
        "W dniu 6.05.2024 o 10:00, Help <help@desk.test> napisał(a)",
    ] {
        assert_eq!(new_of(&format!("Sie leckt.\n\n{intro}\n\nLäuft sie?\n")), "Sie leckt.", "{intro}");
    }
    for said in [
        "On Monday 6 May at 10:00 the mechanic came, and nobody from Help <help@desk.test> wrote to us.",
        "Am 06.05.2024 um 10:00 schrieb ich an help@desk.test und bekam keine Antwort.",
        "Am 06.05.2024 um 10:00 schrieb mir Ihr Kollege (help@desk.test)\n\nes sei alles heil.",
        "Heute 10:00 Uhr\n\nIhr Kollege schrieb:\n\nsie sei heil.",
        "She told me what you wrote:\n\nit is fine.",
    ] {
        assert_eq!(new_of(said), said);
    }
}

#[test]
fn lines_of_a_quote_that_lost_their_mark_go_with_it() {
    let quote = |broken: &str| {
        format!("Sie leckt wieder.\n\nAm 8.12.2016 um 10:00 schrieb Help <help@desk.test>:\n{broken}")
    };
    for broken in [
        "> Guten Tag\n>\n> wir haben die Pumpe und das Ventil geprüft, das vierte Teil ist kaputt.\nbitte ein neues bestellen.\n>\n> Help\n",
        "> abbiamo guardato la pompa e la valvola con cura, il pezzo numero quattro è\nrotto e va cambiato.\n> Help\n",
        "> nous avons regardé la pompe et la vanne, la pièce numéro quatre est cassée,\nil faut la changer\n> vite.\n",
        "> we looked at the pump and at the valve in your hall, and the fourth part has\nbeen broken for some time,\n> sadly. We looked at the motor and at the pipes as well, and the first part\nis broken too.\n> Help\n",
        "> hemos mirado la bomba y la válvula, y la pieza número cuatro está rota del\ntodo\n>\n> Help\n",
        "> мы посмотрели насос и клапан в вашем зале, и четвёртая деталь сломана уже\nдавно.\n> Help\n",
    ] {
        assert_eq!(new_of(&quote(broken)), "Sie leckt wieder.", "{broken}");
    }
    let inline = "Am 8.12.2016 um 10:00 schrieb Help <help@desk.test>:\n> Wir haben die Pumpe und das Ventil geprüft, das vierte Teil ist kaputt.\nja, bitte eines bestellen.\n> Help\n";
    assert!(new_of(inline).contains("ja, bitte eines bestellen."));
}
