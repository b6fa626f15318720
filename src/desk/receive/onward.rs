//! `#forward ADDRESS` in an agent's mail: the text below it goes to that address alone, with the entry that the mail
//! answers.

use std::sync::Arc;

use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::close;
use crate::desk::close::LastWords;
use crate::desk::command::Plan;
use crate::desk::command::report::Remark;
use crate::desk::command::report::Why;
use crate::desk::forward;
use crate::desk::forward::ForwardError;
use crate::desk::forward::Forwarding;
use crate::desk::forward::Ready;
use crate::desk::forward::Said;
use crate::desk::receive::agent::Fate;
use crate::desk::receive::case::Case;
use crate::store::db::Tx;
use crate::template::sentence::Sentence;

impl Case<'_> {
    /// Passes it on, and does with the ticket what is asked for besides; the customer gets nothing of the text. Gives
    /// the text back where it cannot be.
    pub(super) async fn pass_on_to(
        &mut self,
        tx: &mut Tx,
        action: &mut Action,
        text: String,
        plan: &mut Plan,
    ) -> Result<Result<Fate, String>, DeskError> {
        let Some((line, address)) = plan.forward.take() else { return Ok(Err(text)) };
        let ready = match self.ready(tx, action, plan, address).await {
            Ok(ready) => ready,
            Err(ForwardError::Desk(error)) => return Err(error),
            Err(why) => {
                plan.refuse(&line, told(&why));
                return Ok(Err(text));
            }
        };
        let message = self.own_words(text, plan);
        let said = Said { message, origin: Some(Arc::clone(&self.origin)) };
        forward::forward(self.desk, tx, action, ready, said, self.now).await?;
        plan.report.done.push(Remark::Order(line));
        if let Some((line, status)) = plan.status.take() {
            let last = LastWords { words: Arc::default(), origin: Some(Arc::clone(&self.origin)) };
            close::enter(self.desk, tx, action, status, last, self.now).await?;
            plan.report.done.push(Remark::Order(line));
        }
        Ok(Ok(Fate::Forwarded))
    }

    async fn ready(
        &self,
        tx: &mut Tx,
        action: &Action,
        plan: &Plan,
        address: String,
    ) -> Result<Ready, ForwardError> {
        let entry = match plan.answers {
            Some(entry) => entry,
            None => forward::usual(tx, &action.ticket, self.answering.kept).await?,
        };
        let what = Forwarding { entry, to: vec![address] };
        forward::ready(self.desk, tx, action, what, self.now).await
    }
}

fn told(error: &ForwardError) -> Why {
    Why::Sentence(match error {
        ForwardError::NoAddress(_) => Sentence::new("reply.no_address"),
        ForwardError::OwnAddress(_) => Sentence::new("reply.forward_own"),
        ForwardError::TakesPart(_) => Sentence::new("reply.forward_takes_part"),
        ForwardError::NoEntry => Sentence::new("reply.forward_nothing"),
        ForwardError::Held(..) => Sentence::new("reply.forward_held"),
        ForwardError::TooMany | ForwardError::Desk(_) => return Why::Text(error.to_string()),
    })
}
