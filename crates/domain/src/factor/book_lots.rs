//! The lots of a book: cut where a part of them moves, joined where what lies side by side is alike.

use super::book::{Book, chosen};
use super::pick::{Piece, Selection};
use super::{Account, Lot, UnitRange};
use crate::error_catalogue::ErrorCode;
use crate::journal::{LotId, Refused};
use crate::quantity::Units;

impl Book<'_> {
    /// Takes free units out of an account, to be laid down again as something else.
    pub fn take_out(&mut self, account: &Account, amount: Units, selection: &Selection) -> Result<Vec<Lot>, Refused> {
        let pieces = chosen(self.usable_lots(account)?.into_iter(), amount, selection)?;
        let mut taken = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let lot = self.holding(&piece)?;
            let moved = if piece.units == lot.units { lot.clone() } else { self.cut(&lot, piece.units) };
            self.lots.take_up(moved.id);
            taken.push(moved);
        }
        Ok(taken)
    }

    /// Cuts a piece out of its lot and lays it down as `changed` says, joined with what it touches there.
    pub(super) fn relocate(&mut self, piece: &Piece, changed: impl FnOnce(Lot) -> Lot) -> Result<(), Refused> {
        let lot = self.holding(piece)?;
        let moved = if piece.units == lot.units { lot.clone() } else { self.cut(&lot, piece.units) };
        let moved = changed(moved);
        self.lots.take_up(moved.id);
        self.lay(moved);
        Ok(())
    }

    /// The lot in which the units of a piece lie now: pieces taken before may have cut the one they lay in.
    fn holding(&self, piece: &Piece) -> Result<Lot, Refused> {
        let holds = |lot: &&Lot| lot.units.from <= piece.units.from && piece.units.to <= lot.units.to;
        if let Some(lot) = self.lot(piece.lot).filter(holds) {
            return Ok(lot.clone());
        }
        let whole = self.context.set.lot(piece.lot, self.context.now);
        let missing = || Refused::new(ErrorCode::LotNotHeld).at("units").with("from", piece.units.from);
        whole.and_then(|lot| self.lots.around(lot.issuance, piece.units)).cloned().ok_or_else(missing)
    }

    /// Takes a range out of a lot: what remains below keeps the id, what remains above is new.
    fn cut(&mut self, lot: &Lot, units: UnitRange) -> Lot {
        let below = UnitRange { from: lot.units.from, to: units.from };
        let above = UnitRange { from: units.to, to: lot.units.to };
        let (has_below, has_above) = (below.from < below.to, above.from < above.to);
        let kept = if has_below { below } else { above };
        self.lots.put(Lot { units: kept, ..lot.clone() });
        if has_below && has_above {
            let id = self.new_lot();
            self.lots.put(Lot { id, units: above, cut_from: Some(lot.id), ..lot.clone() });
        }
        Lot { id: self.new_lot(), units, cut_from: Some(lot.id), ..lot.clone() }
    }

    fn new_lot(&mut self) -> LotId {
        let nth = self.next();
        LotId::made_by(self.context.envelope.id, self.context.leg, nth)
    }

    /// Lays a lot down where it now belongs; with what it touches and is like, it becomes one.
    pub fn lay(&mut self, lot: Lot) {
        let mut lot = lot;
        for edge in [lot.units.from, lot.units.to] {
            let Some(other) = self.touching(&lot, edge).cloned() else { continue };
            let units = UnitRange { from: lot.units.from.min(other.units.from), to: lot.units.to.max(other.units.to) };
            self.lots.take_up(lot.id);
            lot = Lot { units, ..other };
        }
        self.lots.put(lot);
    }

    /// The lot that lies beside one at an edge and is like it.
    fn touching(&self, lot: &Lot, edge: i64) -> Option<&Lot> {
        let listed = self.context.set.lots_at(lot.issuance, edge).filter(|id| !self.lots.has(*id));
        let listed = listed.filter_map(|id| self.context.set.lot(id, self.context.now));
        let mut near = self.lots.at(lot.issuance, edge).chain(listed);
        near.find(|other| other.id != lot.id && lot.joins(other))
    }
}
