//! A follower of the feed: where he stands, what he may see, and the next piece for him.
//!
//! Nothing is kept for a follower who is slow: he reads from the journal when he is ready.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::{Context, Error};
use tokio::sync::{OwnedSemaphorePermit, watch};
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PrincipalId, Refused, Subject};
use yulin_persistence::{
    AsOf, Feed, FeedEvent, FeedFilter, FeedScope, Identity, RecordedAt, Registry, Snapshot, Webhook,
};

use super::batch::{EventBatch, EventObject};
use super::filter::check_filter;
use super::moment::{Moment, Moments};
use super::scope::{digest, scope_of};
use crate::errors::{fault, refused_error, snapshot_error};
use crate::request::{Bearer, PinnedAt, SessionUntil, Turns, Viewer, registry, viewer};
use crate::scalars::Seq;
use crate::webhook::WebhookOptions;

/// How a gateway tells of its events.
#[derive(Debug, Clone)]
pub struct Events {
    pub pace: Pace,
    /// None where another gateway delivers.
    pub webhooks: Option<WebhookOptions>,
}

impl Default for Events {
    fn default() -> Self {
        Self { pace: Pace::default(), webhooks: Some(WebhookOptions::default()) }
    }
}

/// How a stream of events goes.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The longest silence; then it is told how far the feed is complete.
    pub heartbeat: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { heartbeat: Duration::from_secs(10) }
    }
}

/// By what he is known; asked again before every piece.
enum Credential {
    /// The one request in which he asks.
    Request,
    Key(Bearer),
    /// The token of a provider, for as long as it is good.
    Session(SessionUntil),
    /// A role that is granted to him.
    Role,
}

impl Credential {
    fn of(ctx: &Context<'_>) -> Self {
        let session = || ctx.data_opt::<SessionUntil>().map_or(Self::Request, |until| Self::Session(*until));
        ctx.data_opt::<Bearer>().map_or_else(session, |key| Self::Key(key.clone()))
    }
}

/// One who follows.
pub struct Follower {
    registry: Registry,
    viewer: Viewer,
    credential: Credential,
    filter: FeedFilter,
    /// What he has been told of, up to here.
    after: i64,
    /// What he has seen elsewhere: he is told of nothing older.
    at_least: i64,
    /// The entry up to which he follows, where he does not follow for ever.
    to: Option<i64>,
    /// What he was last seen to be allowed.
    scope: Option<FeedScope>,
    /// The name of what he follows, and the scope that it names.
    named: Option<(FeedScope, String)>,
    /// The newest entry when he last read.
    head: i64,
    growth: watch::Receiver<u64>,
    moments: Moments,
    /// Among his other questions, while he catches up; what has just happened is read once for all.
    turns: Option<Turns>,
}

/// Where somebody begins or goes on.
#[derive(Debug, Clone, Default)]
pub struct Place {
    pub after: i64,
    /// The entry at which he ends, if any.
    pub to: Option<i64>,
    /// The name of the feed that he followed so far.
    pub feed: Option<String>,
    /// What he has seen elsewhere.
    pub at_least: i64,
}

impl Follower {
    /// A follower at his place, who shares what he reads with the others; refused where what he followed is no longer the
    /// same.
    pub async fn at(ctx: &Context<'_>, filter: FeedFilter, place: Place) -> Result<Self, Error> {
        let moments = ctx.data_opt::<Moments>().cloned().unwrap_or_default();
        Self::sharing(ctx, moments, filter, place).await
    }

    /// One who asks once, and reads for himself.
    pub async fn once(ctx: &Context<'_>, filter: FeedFilter, place: Place) -> Result<Self, Error> {
        Self::sharing(ctx, Moments::default(), filter, place).await
    }

    async fn sharing(ctx: &Context<'_>, moments: Moments, filter: FeedFilter, place: Place) -> Result<Self, Error> {
        let seen = ctx.data_opt::<PinnedAt>().and_then(|pinned| pinned.at_least);
        let place = Place { at_least: seen.unwrap_or_default(), ..place };
        let known = (viewer(ctx), Credential::of(ctx));
        let follower = Self::known((registry(ctx).clone(), moments), known, filter, place).await?;
        Ok(Self { turns: ctx.data_opt::<Turns>().cloned(), ..follower })
    }

    /// The owner of a webhook, at its place.
    pub(crate) async fn of_webhook(registry: Registry, webhook: &Webhook) -> Result<Self, Error> {
        let Webhook { principal, role, filter, position, feed, .. } = webhook;
        let identity = granted(&registry, *principal, *role).await?.ok_or_else(|| changed("role"))?;
        let known = |feed| {
            let place = Place { after: *position, feed, ..Place::default() };
            let known = (Viewer::of(identity.clone()), Credential::Role);
            Self::known((registry.clone(), Moments::default()), known, filter.clone(), place)
        };
        match known(Some(feed.clone())).await {
            // Accounts are opened to a venue and closed to it every day: its deliveries go on from here, under the new name.
            Err(error) if is_changed(&error) && *role == Role::Venue => known(None).await,
            followed => followed,
        }
    }

    async fn known(
        (registry, moments): (Registry, Moments),
        (viewer, credential): (Viewer, Credential),
        filter: FeedFilter,
        place: Place,
    ) -> Result<Self, Error> {
        let Place { after, to, feed, at_least } = place;
        if to.is_some_and(|to| to < after) {
            return Err(refused_error(&Refused::new(ErrorCode::FilterInvalid).at("to").with("after", after)));
        }
        let growth = registry.growth();
        let mut follower = Self {
            registry,
            viewer,
            credential,
            filter,
            after,
            at_least,
            to,
            scope: None,
            named: None,
            head: 0,
            growth,
            moments,
            turns: None,
        };
        let snapshot = follower.snapshot().await?;
        let scope = follower.scope_as_of(&snapshot).await?;
        check_filter(&follower.filter, &scope).map_err(|refused| refused_error(&refused))?;
        if let Some(followed) = feed {
            follower.scope = Some(follower.followed(&followed, &scope).await?);
        }
        Ok(follower)
    }

    /// The next piece, as of the newest entry or the one at which he ends: it may be empty.
    pub async fn read(&mut self, size: usize) -> Result<EventBatch, Error> {
        let (moment, snapshot, feed) = self.permitted().await?;
        let snapshot = Snapshot { seq: self.to.unwrap_or(snapshot.seq).min(snapshot.seq), ..snapshot };
        let name = self.named(&feed).to_owned();
        let read = moment.batch(&self.registry, (&name, &feed), &snapshot, (self.after, size)).await?;
        let event = |event: &Arc<FeedEvent>| EventObject { event: Arc::clone(event), scope: feed.scope.clone() };
        let nodes = read.events.iter().map(event).collect();
        (self.after, self.head, self.scope) = (read.complete_to, snapshot.seq, Some(feed.scope));
        Ok(EventBatch { nodes, complete_to: Seq(read.complete_to), feed: name })
    }

    /// How far he has been told, without reading on.
    async fn standing(&mut self) -> Result<EventBatch, Error> {
        let (_, _, feed) = self.permitted().await?;
        let name = self.named(&feed).to_owned();
        self.scope = Some(feed.scope);
        Ok(EventBatch { nodes: Vec::new(), complete_to: Seq(self.after), feed: name })
    }

    /// An event that was read before, and the name of the feed; none where he may no longer see it.
    pub(crate) async fn again(
        &mut self,
        seq: i64,
        previous: Option<i64>,
    ) -> Result<(Option<EventObject>, String), Error> {
        let (_, snapshot, feed) = self.permitted().await?;
        let read = self.registry.feed(&snapshot, &feed, seq - 1, 1).await.map_err(|why| fault(&why))?;
        let (name, scope) = (self.named(&feed).to_owned(), feed.scope);
        let found = read.events.into_iter().find(|event| event.entry.header.seq == seq);
        let again = |event: Arc<FeedEvent>| Arc::new(FeedEvent { previous, ..Arc::unwrap_or_clone(event) });
        let event = found.map(|event| EventObject { event: again(event), scope });
        Ok((event, name))
    }

    /// The newest entry, and the name of the feed as of it.
    pub(crate) async fn name(&mut self) -> Result<(i64, String), Error> {
        let (_, snapshot, feed) = self.permitted().await?;
        Ok((snapshot.seq, self.named(&feed).to_owned()))
    }

    /// Whether he has been told of all that he asked for.
    pub fn has_ended(&self) -> bool {
        self.to.is_some_and(|to| self.after >= to)
    }

    /// The newest entry when he last read.
    pub(crate) const fn head(&self) -> i64 {
        self.head
    }

    /// What he follows, as of the newest entry; refused where it is no longer what he followed.
    async fn permitted(&self) -> Result<(Arc<Moment>, Snapshot, Feed), Error> {
        let moment = self.moment();
        let snapshot = moment.snapshot(&self.registry, (self.after, self.at_least)).await?;
        let scope = moment.scope(&self.registry, &snapshot, &self.viewer).await?;
        // Who he is is asked after the snapshot was taken: what he lost before it, he reads nothing by.
        self.check_credential(&moment).await?;
        self.check_scope(&scope).await?;
        let feed = Feed { scope, filter: self.filter.clone() };
        Ok((moment, snapshot, feed))
    }

    /// The name of the feed; what a name was made of is compared more cheaply than a name is made.
    fn named(&mut self, feed: &Feed) -> &str {
        let known = self.named.take().filter(|(scope, _)| *scope == feed.scope);
        let named = || (feed.scope.clone(), digest(self.registry.journal(), self.viewer.role, feed));
        &self.named.insert(known.unwrap_or_else(named)).1
    }

    /// The next piece with events, or, after a silence, the one that says how far the feed is complete.
    pub async fn wait(&mut self, size: usize, pace: Pace) -> Result<EventBatch, Error> {
        let due = Instant::now() + pace.heartbeat;
        loop {
            self.growth.borrow_and_update();
            // Whose turn does not come is told how far he is, and asked who he is, all the same.
            let left = due.saturating_duration_since(Instant::now());
            let Ok(turn) = tokio::time::timeout(left, self.turn()).await else { return self.standing().await };
            let batch = self.read(size).await?;
            drop(turn);
            let left = due.saturating_duration_since(Instant::now());
            if !batch.nodes.is_empty() || left.is_zero() || self.has_ended() {
                return Ok(batch);
            }
            if self.after >= self.head {
                // Whether it was growth or time that ended the pause, it is read anew; one without a writer is closing.
                if let Ok(Err(_)) = tokio::time::timeout(left, self.growth.changed()).await {
                    return Err(refused_error(&Refused::new(ErrorCode::NotReady)));
                }
            }
        }
    }

    /// His turn, where he is behind the newest entry and reads what nobody else reads just then. The journal waits for whoever
    /// reads it faster than he may.
    async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        let Turns(turns) = self.turns.as_ref().filter(|_| self.head == 0 || self.after < self.head)?;
        tokio::time::sleep(turns.rest()).await;
        turns.turn().await
    }

    async fn snapshot(&self) -> Result<Snapshot, Error> {
        self.moment().snapshot(&self.registry, (self.after, self.at_least)).await
    }

    /// What is read now, with all the others who follow.
    fn moment(&self) -> Arc<Moment> {
        self.moments.present(*self.growth.borrow())
    }

    async fn scope_as_of(&self, snapshot: &Snapshot) -> Result<FeedScope, Error> {
        scope_of(&self.registry, snapshot, &self.viewer).await
    }

    /// Whether he is still who he was when he began.
    async fn check_credential(&self, moment: &Moment) -> Result<(), Error> {
        let known = match &self.credential {
            Credential::Request => return Ok(()),
            Credential::Key(Bearer(token)) => moment.identity(&self.registry, token).await?,
            // What he followed is still the same; he comes back with a new token.
            Credential::Session(SessionUntil(until)) if jiff::Timestamp::now().as_microsecond() >= until.micros() => {
                return Err(refused_error(&Refused::new(ErrorCode::Unauthenticated)));
            }
            Credential::Session(_) | Credential::Role => match &self.viewer.identity {
                Some(identity) => moment.granted(&self.registry, identity.principal, identity.role).await?,
                None => None,
            },
        };
        if known.is_some() && known == self.viewer.identity { Ok(()) } else { Err(changed("key")) }
    }

    async fn check_scope(&self, now: &FeedScope) -> Result<(), Error> {
        match &self.scope {
            Some(before) if !self.is_continued(before, now).await? => Err(changed("scope")),
            Some(_) | None => Ok(()),
        }
    }

    /// The scope of a feed that he followed: the present one, or the one he had at his place if nothing was missed since.
    async fn followed(&self, name: &str, now: &FeedScope) -> Result<FeedScope, Error> {
        let named = |scope: &FeedScope| {
            let feed = Feed { scope: scope.clone(), filter: self.filter.clone() };
            digest(self.registry.journal(), self.viewer.role, &feed) == name
        };
        // Who has been told of nothing can have missed nothing.
        if named(now) || self.after == 0 {
            return Ok(now.clone());
        }
        let then = AsOf { valid: None, recorded: Some(RecordedAt::Seq(self.after)) };
        let then = self.registry.snapshot(then, None).await.map_err(|why| snapshot_error(&why))?;
        let before = self.scope_as_of(&then).await?;
        if named(&before) && self.is_continued(&before, now).await? { Ok(before) } else { Err(changed("feed")) }
    }

    /// Whether who saw `before` up to his place and sees `now` misses nothing: what was added has no entry up to there of
    /// which he might be told.
    async fn is_continued(&self, before: &FeedScope, now: &FeedScope) -> Result<bool, Error> {
        match (before, now) {
            (FeedScope::Everything, FeedScope::Everything) => Ok(true),
            (FeedScope::Subjects(before), FeedScope::Subjects(now)) => {
                if before.iter().any(|(subject, from)| now.get(subject) != Some(from)) {
                    return Ok(false);
                }
                let is_added = |subject: &Subject, from: i64| !before.contains_key(subject) && from <= self.after;
                let added = now.iter().filter(|(subject, from)| is_added(subject, **from));
                let added: Vec<_> = added.map(|(subject, from)| (*subject, *from)).collect();
                let any = self.registry.any_entry_by(added.iter().copied(), self.after);
                let is_older = !added.is_empty() && any.await.map_err(|why| fault(&why))?;
                Ok(!is_older)
            }
            (FeedScope::Everything, FeedScope::Subjects(_)) | (FeedScope::Subjects(_), FeedScope::Everything) => {
                Ok(false)
            }
        }
    }
}

/// Who a principal is in a role, as long as that is granted.
pub(super) async fn granted(
    registry: &Registry,
    principal: PrincipalId,
    role: Role,
) -> Result<Option<Identity>, Error> {
    let now = registry.latest().await.map_err(|why| fault(&why))?;
    let found = registry.principals_by_ids(&now, &[principal]).await.map_err(|why| fault(&why))?;
    let granted = found.into_iter().find(|found| found.state.roles.contains(&role));
    Ok(granted.map(|found| Identity { principal, role, party: found.state.party, narrowing: None }))
}

/// Whether an error says that a feed is no longer the same.
pub(crate) fn is_changed(error: &Error) -> bool {
    let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
    code == Some(&async_graphql::Value::from(ErrorCode::FeedChanged.code()))
}

fn changed(what: &str) -> Error {
    refused_error(&Refused::new(ErrorCode::FeedChanged).at("feed").with("changed", what))
}
