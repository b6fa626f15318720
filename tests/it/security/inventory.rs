//! The attacks that were tried on the desk, each with the test in which it fails. The numbers are those of kinds:
//!
//! 1 relay, 2 Reply-To, 3 somebody's name by a number, 4 copies, 5 silencing, 6 using up, 7 agents, 8 results of
//! authentication, 9 signatures, 10 reports, 11 odd addresses, 12 files, 13 HTTP, 14 looks, 15 time, 16 the unit.

use std::collections::BTreeSet;
use std::fs;

use crate::support::until::note;

/// Kind, attack, door, configurations (see [`CONFIGURATIONS`]), and where its test is: a file of this directory or of one
/// beside it.
const ATTACKS: &str = "\
1 | a forged mail makes its victim known, and a Cc passes words on | mail | given | relay::a_forged_mail_does_not_make_its_victim_somebody_to_whom_words_are_passed_on
1 | twenty victims in Cc get a stranger's words | mail | given | relay::twenty_victims_of_one_ticket_get_none_of_a_strangers_words
1 | a customer's words to people whom no agent accepted | mail | given | relay::customers_words_go_to_whom_an_agent_added_or_accepted
1 | a merge carries copies of a forger's ticket along | mail | given | relay::a_merge_accepts_nobody_whom_no_agent_did
1 | an acknowledgement that carries a spammer's words | mail | given | ../rules/acknowledging::an_acknowledgement_carries_nothing_that_a_spammer_wrote
1 | twenty victims in copy of a stranger | mail | defaults stamps internal | everywhere::no_victim_in_copy_gets_a_strangers_words
2 | Reply-To takes an agent's answer to a forger | mail | given | relay::what_an_unproven_mail_asks_for_is_not_where_answers_go
2 | a forger is not told of to staff | mail | given | relay::staff_are_always_told_that_a_sender_is_not_proven
2 | Reply-To put above a signed mail | mail | defaults | replay::a_signed_mail_sent_again_copies_nobody_and_asks_for_no_answers
3 | the number in a subject speaks in a customer's name | mail | given | relay::a_subject_tag_without_proof_speaks_in_nobodys_name
3 | an id or another's token speaks in a customer's name | mail | given | relay::an_id_or_anothers_token_without_proof_speaks_in_nobodys_name
3 | a stranger guesses a number | mail | given | strangers::the_number_in_a_subject_lets_no_stranger_in
3 | a stranger writes a tag | mail | given | ../rules/threading::a_stranger_who_writes_a_tag_gets_a_ticket_of_his_own
3 | a stranger knows an id | mail | given | ../rules/threading::a_stranger_who_knows_an_id_is_kept_apart_and_told_nothing
3 | somebody but an agent accepts what was kept apart | mail | given | accepting::nobody_but_an_agent_accepts_anything
3 | a stranger with a number, an id and everybody's token | mail | defaults stamps internal | everywhere::a_stranger_gets_nothing_by_a_number_an_id_or_anybodys_token
4 | a Cc of a forged opening mail gets agents' answers | mail | given | relay::whom_an_unproven_opening_mail_copies_gets_no_agents_answer
4 | a Cc on an answer adds somebody | mail | given | copies::a_mail_to_a_known_ticket_brings_nobody_in
4 | a forged mail brings copies in | mail | given | copies::a_mail_that_is_not_from_whom_it_says_brings_nobody_in
4 | another service confirms a customer's address by the desk | mail | given | strangers::another_services_verification_mail_is_not_shown_to_the_customer
5 | a flood of strangers silences the agents | mail | given | ../rules/gathering::a_flood_of_strangers_takes_no_mail_from_proven_customers
5 | one domain uses up an owner's notices | mail | given | ../rules/gathering::one_domain_causes_twenty_notices_and_none_less_for_an_owner
5 | what a storm folds cannot be looked up | mail | given | everyday::what_a_storm_folds_is_there_to_be_looked_up
6 | forged mails make the genuine one a storm | mail | given | budgets::forged_mails_make_no_storm_of_the_genuine_one
6 | forged mails use up acknowledgements | mail | given | budgets::forged_mails_leave_the_genuine_ones_their_acknowledgements
6 | forged answers use up reopenings | mail | given | budgets::forged_answers_leave_the_genuine_one_to_reopen
6 | subaddresses evade the cap | mail | given | budgets::subaddresses_of_a_victim_count_as_the_victim
6 | a Message-ID used first swallows a mail | mail | given | budgets::an_id_that_a_stranger_used_first_puts_nobodys_mail_away
6 | a copied signature swallows a mail | mail | defaults | replay::a_copied_signature_swallows_no_genuine_mail
6 | a forged mail names its victim | mail | given | relay::an_unproven_mail_names_nobody_and_a_proven_one_does
7 | an invented forward carries words to anybody | mail | given | tokenless::an_invented_forward_carries_no_words_to_anybody
7 | a new mail in an agent's name copies people | mail | given | tokenless::a_new_mail_of_an_agents_copies_nobody
7 | a warning carries the forger's words | mail | given | tokenless::a_warning_repeats_nothing_of_what_it_warns_of
7 | an answer to a warning reaches the customer | mail | given | tokenless::an_answer_to_a_warning_goes_to_nobody_outside
7 | somebody else confirms | mail | given | tokenless::only_the_agent_who_was_warned_confirms_and_only_with_proof
7 | a forged agent with a stolen token | mail | given | agents::a_spoofed_agent_is_suspended_whatever_he_answers
7 | an agent's token from another address | mail | given | agents::an_agents_token_is_worth_nothing_from_another_address
7 | another agent's token | mail | given | agents::another_agents_token_is_worth_nothing_either
7 | a customer's token taken for an agent's | mail | given | agents::a_customers_token_is_no_agents
7 | a token turned to another purpose | mail | given | agents::a_forged_signed_id_makes_nobody_an_agent
7 | a token of another ticket | mail | given | agents::a_token_of_one_ticket_opens_no_other
7 | a token whose key is retired | mail | given | agents::a_token_is_refused_once_its_key_is_retired
7 | a member of a list acts as an agent | mail | given | agents::only_agents_act_on_what_a_team_address_got
7 | a customer writes commands | mail | given | agents::command_lines_of_a_customer_are_plain_text
7 | commands hidden by style sheets | mail | given | unseen::a_command_that_a_style_sheet_hides_is_not_carried_out
7 | commands in the text part alone | mail | given | unseen::a_command_that_only_the_text_part_has_is_not_carried_out
7 | a confirmation that nobody sees | mail | given | unseen::a_confirmation_that_nobody_saw_confirms_nothing
7 | a private note in a quote | mail | given | agents::a_private_note_in_an_untrimmed_quote_is_not_sent
7 | a token stolen by a quote | mail | given | agents::no_marker_no_token_and_no_enclosed_notice_is_sent_to_a_customer
7 | a forged agent with all that a sender can write | mail | defaults stamps internal | everywhere::a_forged_agent_does_nothing_with_a_stolen_token_or_without
7 | commands that the HTML alone shows | mail | given | unseen::a_command_that_only_the_html_has_keeps_the_mail_here
7 | a note in the HTML alone, however it is written | mail | given | unseen::a_note_however_it_is_written_in_the_html_stays_here
7 | commands of a new mail that the HTML alone shows | mail | given | unseen::a_new_mail_whose_commands_only_the_html_has_sends_nothing_of_it
7 | commands that one form alone shows | mail | defaults stamps internal | everywhere::commands_that_one_form_alone_shows_send_nothing_out
7 | an address that looks like an agent's or the queue's | mail | defaults stamps internal | everywhere::an_address_that_looks_like_an_agents_or_the_queues_is_another
8 | a forged result below our server's line | mail | stamps | stamps::a_forged_result_below_our_own_servers_line_proves_nothing
8 | a forged result below the genuine one | mail | stamps | authentication::a_forged_result_below_the_trusted_one_is_not_seen
8 | several forged results | mail | stamps | authentication::two_forged_results_below_the_trusted_one_are_not_seen_either
8 | odd spellings of the server's name | mail | stamps | authentication::a_result_by_a_server_that_is_not_trusted_proves_nothing
8 | a blank before the colon | mail | stamps | authentication::a_result_in_a_field_whose_name_ends_with_a_blank_proves_nothing
8 | a result that came from outside | mail | stamps | authentication::a_forged_result_that_came_along_from_outside_proves_nothing
8 | a result in the text or an enclosed mail | mail | stamps | authentication::a_result_inside_of_the_text_or_of_an_enclosed_mail_proves_nothing
8 | a result about another author | mail | stamps | authentication::a_result_about_another_author_does_not_serve_this_one
9 | a signature of another domain, or of other words | mail | defaults | authentication::only_a_signature_by_the_agents_own_domain_makes_his_mail_his
9 | keys that are for something else | mail | defaults | replay::a_key_proves_only_what_it_is_for
9 | a signed mail carried to another ticket | mail | defaults | replay::a_signed_mail_is_not_carried_to_another_ticket
9 | a signed answer under another id | mail | defaults | replay::a_signed_answer_counts_once_under_whatever_id_it_comes
9 | a signed request under another id | mail | defaults | replay::a_signed_request_opens_one_ticket_under_whatever_id_it_comes
9 | an agent's signed answer under another id | mail | defaults | replay::an_agents_signed_answer_goes_out_once
9 | a signed mail delivered to a token's address | mail | defaults | replay::a_signed_mail_is_not_carried_to_a_ticket_by_where_it_is_delivered
10 | a report of a mail that was never sent | mail | given | bounces::a_forged_report_of_a_mail_that_was_never_sent_changes_nothing
10 | a report by whoever knows a recipient | mail | given | bounces::who_only_knows_that_we_wrote_to_somebody_cannot_have_him_suppressed
10 | a report by whoever knows a Message-ID | mail | given | budgets::a_report_that_names_a_mail_suppresses_nobody_unless_it_is_of_the_recipients_domain
10 | a report that is known to be forged | mail | given | bounces::a_report_that_is_known_to_be_forged_is_no_evidence
10 | a report of a mail that is still waiting | mail | given | bounces::a_report_of_a_mail_that_is_still_waiting_is_a_forgery
10 | a forged mail lifts a suppression | mail | given | suppression::a_forged_mail_has_nobody_written_to_again
10 | another's token lifts a suppression | mail | given | suppression::anothers_token_has_nobody_written_to_again
10 | a forged way out ends copies | HTTP | defaults | copies::nobody_can_make_a_link_or_use_another_token_as_one
10 | a scanner ends copies | HTTP | defaults | copies::a_scanner_that_opens_every_link_ends_nothing
10 | a report that anybody can write | mail | defaults stamps internal | everywhere::a_report_that_anybody_can_write_suppresses_nobody
10 | a report to what is no return path of that mail | mail | given | bounces::a_report_to_what_is_no_return_path_of_that_mail_suppresses_nobody
10 | a report that cuts an agent off | mail | given | bounces::a_report_that_is_not_proven_cuts_no_agent_off
11 | acknowledgements to odd addresses | mail | given | ../rules/acknowledging::mail_that_cannot_be_answered_is_not_acknowledged
11 | routes, percent signs and exclamation marks in an address | mail | defaults stamps internal | everywhere::nobody_is_written_to_by_a_route_in_an_address
12 | a backup that others can read | command line | defaults | ../upkeep/files::a_backup_is_for_its_owner_only_and_so_is_what_is_restored_from_it
12 | a planted link at a backup's place | command line | defaults | ../upkeep/files::a_backup_replaces_nothing_and_follows_no_link
12 | a planted link at an export's place | command line | defaults | ../upkeep/files::an_export_replaces_nothing_and_follows_no_link
13 | a partner's redirect takes the secret elsewhere | partner | defaults | ../sharing/reactions::a_redirect_leads_the_secret_nowhere_else
13 | a partner in our own network | partner | defaults | ../sharing/reactions::a_partner_in_our_own_network_is_not_called_unless_that_is_allowed
13 | a partner who never answers | partner | defaults | ../sharing/reactions::a_partner_who_never_answers_or_never_stops_slows_nobody
13 | a token of another agreement | partner | defaults | ../sharing/receiving::a_token_reaches_nothing_of_another_agreement
13 | a partner's HTML | partner | defaults | ../sharing/receiving::what_a_partner_writes_is_made_harmless
13 | invitations without end | partner | defaults | ../sharing/receiving::invitations_are_limited_and_expire
13 | requests whose head never ends | HTTP | defaults | ../api/hostile::unfinished_requests_keep_nobody_out
14 | line breaks in names and subjects | mail | given | strangers::a_name_and_a_subject_cannot_write_headers_of_our_mails
14 | control headers from outside | mail | given | strangers::control_headers_from_outside_are_ignored
14 | line breaks and escapes in names and subjects | mail | defaults stamps internal | everywhere::line_breaks_in_names_and_subjects_write_no_headers
14 | line breaks in what was frozen | outbox | defaults | strangers::no_line_break_leaves_in_a_header_whatever_was_frozen
14 | forged lines of the log and orders to the terminal | mail, HTTP | defaults | injection::nothing_of_a_strangers_forges_a_line_of_the_log_or_moves_the_terminal
15 | megabytes of line ends | mail, API | defaults | ../trouble/awake::the_daemon_answers_while_megabytes_of_line_ends_are_received_and_sent
15 | mails that break their reader | mail | given | ../rules/hostile::one_bad_mail_never_stops_the_next
15 | a resolver that never answers | mail | defaults | dns::a_resolver_that_gives_no_answer_is_asked_for_one_batch_and_then_left_alone
15 | a resolver that answers late or never | mail | defaults | dns::a_slow_resolver_holds_a_hundred_mails_up_for_seconds_only
16 | weak passwords | command line | defaults | ../cli/passwords::a_weak_password_is_refused_unless_it_is_meant_for_the_jutda_api_alone
";

/// How the desk finds out whose a mail is, and what stands in a test in which it does so. Where the proof is given, it is
/// as any of the others found it.
const CONFIGURATIONS: [(&str, &[&str]); 4] = [
    ("given", &["receive_as(", "receives(", "desk.receive(", ".forged("]),
    ("defaults", &["checks_mails()", "Setting::Defaults", "site.start()"]),
    ("stamps", &["authserv_ids = [", "Setting::Stamps"]),
    ("internal", &["trust_unproven = true", "Setting::Internal"]),
];

#[test]
fn each_attack_has_its_test() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/security/");
    let (mut seen, mut pairs, mut whole) = (BTreeSet::new(), 0, 0);
    for row in ATTACKS.lines() {
        let parts: Vec<&str> = row.split(" | ").collect();
        let [kind, attack, door, configurations, test] = parts[..] else { panic!("{row}") };
        assert!((1..=16).contains(&kind.parse::<u8>().expect("a kind is a number")), "{row}");
        let (file, name) = test.split_once("::").expect("a file and a name");
        let source = fs::read_to_string(format!("{root}{file}.rs")).unwrap_or_default();
        let head = head(&source, name).unwrap_or_else(|| panic!("there is no test {test}"));
        assert!(seen.insert(attack), "{attack} is there twice");
        for configuration in configurations.split(' ') {
            let known = CONFIGURATIONS.iter().find(|(known, _)| *known == configuration);
            let (_, signs) = known.unwrap_or_else(|| panic!("{row}: what is {configuration}?"));
            let place = if file == "everywhere" { head } else { source.as_str() };
            let is_other_door = configuration == "defaults" && !door.starts_with("mail");
            assert!(
                is_other_door || signs.iter().any(|sign| place.contains(sign)) || file.contains('/'),
                "{row}"
            );
            pairs += 1;
        }
        whole += usize::from(configurations.split(' ').count() >= 3);
        let has_both = head.contains("Sqlite") && head.contains("Postgres");
        assert!(door != "mail" || file.contains('/') || has_both, "{test} runs on one database only");
    }
    note(&format!("{} attacks, {pairs} with each configuration, {whole} in three", seen.len()));
    assert!(seen.len() >= 100 && pairs >= 120 && whole >= 8, "{} {pairs} {whole}", seen.len());
}

/// What stands above a test and in its arguments.
fn head<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let at = source.find(&format!("fn {name}(")).or_else(|| source.find(&format!(" {name}(desk")))?;
    let begins = source[..at].rfind("\n\n").unwrap_or(0);
    let ends = source[at..].find(" {\n").map_or(source.len(), |end| at + end);
    Some(&source[begins..ends])
}
