//! What maps are made of: the layers that tiles and the feature service tell, by the same names.

use yulin_domain::codes::{Labelled, Lang};

/// A layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Registered parcels and planned lots.
    Parcels,
    /// Zones in which something about the land is settled.
    Restrictions,
    /// Points and lines near which land is sought.
    Features,
}

impl Layer {
    /// All of them, in the order in which they are drawn.
    pub const ALL: [Self; 3] = [Self::Parcels, Self::Restrictions, Self::Features];

    /// The layer of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }

    /// The name in addresses and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parcels => "parcels",
            Self::Restrictions => "restrictions",
            Self::Features => "features",
        }
    }

    /// The title for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Parcels => "Parcels (宗地)",
            Self::Restrictions => "Restriction zones (控制区)",
            Self::Features => "Features (要素)",
        }
    }

    /// What it holds.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Parcels => "Registered parcels and planned lots with their stock status (已登记宗地与规划地块)",
            Self::Restrictions => "Zones in which something about the land is settled (各类控制区与保护区)",
            Self::Features => "Points and lines near which land is sought (道路、变电站等点线要素)",
        }
    }

    /// The type of the schema whose fields it tells, by which it is disclosed.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Parcels => "Parcel",
            Self::Restrictions => "Zone",
            Self::Features => "Feature",
        }
    }
}

/// The codes of a list with their names in both languages, as descriptions tell them.
pub fn codes_of<T: Labelled + Copy + 'static>() -> String {
    let told = |one: &T| format!("{} {} ({})", one.code(), one.label(Lang::En), one.label(Lang::Zh));
    T::all().iter().map(told).collect::<Vec<_>>().join("; ")
}
