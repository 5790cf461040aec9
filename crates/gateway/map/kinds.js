// How kinds of restriction zones and of features look: which are filled, which are lines, which weight they carry.
//
// Colours live in map.css as --zone-… and --feature-…, one set for light and one for dark. A kind that the map does not
// know is drawn in the colour of OTHER, so a new one is never hidden.

/** Restriction zones in the order of the legend; `hatch` is the slope of the lines that fill them, null for an outline. */
export const ZONES = {
  ECOLOGICAL_RED_LINE: { hatch: "rising" },
  PERMANENT_BASIC_FARMLAND: { hatch: "falling" },
  FLOOD: { hatch: "level" },
  CONTAMINATED_PLOT: { hatch: "crossed" },
  HERITAGE: { hatch: "crossed" },
  ROAD_RESERVE: { hatch: "rising" },
  INDUSTRIAL_CONTROL_LINE: { hatch: null },
  URBAN_DEVELOPMENT_BOUNDARY: { hatch: null },
  ZONE_BOUNDARY: { hatch: null },
  OTHER: { hatch: "falling" },
};

/** Lines among the features: their group of colour, and their width in pixels at zoom 12 and at zoom 17. */
export const LINES = {
  RIVER: { group: "water", widths: [3, 26] },
  ROAD: { group: "road", widths: [1.6, 16] },
  RAILWAY: { group: "rail", widths: [1.2, 3] },
  METRO_LINE: { group: "rail", widths: [1.2, 3] },
  POWER_LINE: { group: "energy", widths: [0.8, 1.6] },
  PIPELINE: { group: "energy", widths: [0.8, 1.6] },
};

/** Points among the features and their group of colour. */
export const POINTS = {
  AIRPORT: "rail",
  BUS_STATION: "rail",
  HIGHWAY_EXIT: "rail",
  METRO_STATION: "rail",
  PORT: "rail",
  RAILWAY_STATION: "rail",
  GAS_SUPPLY_STATION: "energy",
  HEAT_PLANT: "energy",
  SUBSTATION: "energy",
  SEWAGE_PLANT: "water",
  WATER_PLANT: "water",
  FIRE_STATION: "public",
  HOSPITAL: "public",
  SCHOOL: "public",
};

/** The groups that features are coloured by. */
export const GROUPS = ["water", "road", "rail", "energy", "public", "other"];
