//! What the lots of a block are used for.

use anyhow::Result;
use yulin_domain::codes::{LandPurpose, LandUseCode, land_purpose};
use yulin_domain::land::UseShare;
use yulin_domain::quantity::Share;

use super::block::Character;
use super::chance::Chance;

type Weighed = Vec<(LandUseCode, u32)>;

/// The land-use codes of the demo, read once.
#[derive(Debug, Clone)]
pub(super) struct Uses {
    industry: Weighed,
    workshops: Weighed,
    commerce: Weighed,
    homes: Weighed,
    services: Weighed,
    /// What a works may have beside its production, and the shares of a mixed use.
    storage: LandUseCode,
    shares: [Share; 2],
}

impl Uses {
    /// Reads the codes; an error means that a list of the domain has lost one.
    pub(super) fn read() -> Result<Self> {
        Ok(Self {
            industry: read(&[
                ("MNR2023:100101", 42),
                ("MNR2023:100102", 36),
                ("MNR2023:100103", 4),
                ("GBT21010_2017:0601", 8),
                ("MNR2023:110101", 10),
            ])?,
            workshops: read(&[("MNR2023:100101", 70), ("GBT21010_2017:0601", 18), ("GBT21010_2017:0604", 12)])?,
            commerce: read(&[
                ("MNR2023:090101", 35),
                ("MNR2023:0902", 30),
                ("MNR2023:090104", 10),
                ("GBT21010_2017:0505", 15),
                ("MNR2023:090103", 10),
            ])?,
            homes: read(&[("MNR2023:070102", 75), ("MNR2023:070101", 5), ("GBT21010_2017:0701", 20)])?,
            services: read(&[
                ("MNR2023:080403", 30),
                ("MNR2023:0801", 20),
                ("MNR2023:080602", 20),
                ("MNR2023:1401", 20),
                ("MNR2023:1303", 10),
            ])?,
            storage: LandUseCode::parse("MNR2023:110101")?,
            shares: [Share::new(7, 10)?, Share::new(3, 10)?],
        })
    }

    /// The uses of a lot, the principal one first.
    pub(super) fn of(&self, character: Character, chance: &mut Chance) -> Vec<UseShare> {
        let list = match character {
            Character::Heavy | Character::Industry => &self.industry,
            Character::Workshops => &self.workshops,
            Character::Commerce => &self.commerce,
            Character::Homes => &self.homes,
            Character::Services => &self.services,
        };
        let land_use = chance.weigh(list).unwrap_or(self.storage);
        let industrial = land_purpose(land_use) == LandPurpose::Industrial && land_use != self.storage;
        if industrial && land_use.scheme() == self.storage.scheme() && chance.happens(50) {
            let [most, rest] = self.shares;
            return vec![UseShare { land_use, share: most }, UseShare { land_use: self.storage, share: rest }];
        }
        vec![UseShare { land_use, share: Share::WHOLE }]
    }
}

fn read(codes: &[(&str, u32)]) -> Result<Weighed> {
    codes.iter().map(|(code, weight)| Ok((LandUseCode::parse(code)?, *weight))).collect()
}
