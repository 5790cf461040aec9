// A field of SIDE x SIDE adjacent parcels of eight jittered corners, as CSV with WKT in EPSG:4549, on standard output:
// node tests/bench/field.mjs 1000 > field.csv
import { once } from 'node:events';
import { stdout } from 'node:process';

const side = Number(process.argv[2] ?? 1000);
/** Corners lie half a parcel, 10 m, apart, each moved by up to 2 m. */
const corner = (column, row) => {
  const mixed = (Math.imul(column, 73856093) ^ Math.imul(row, 19349663)) >>> 0;
  const moved = (bits) => ((bits % 1000) / 1000 - 0.5) * 4;
  return `${(480000 + column * 10 + moved(mixed)).toFixed(4)} ${(3250000 + row * 10 + moved(mixed >>> 10)).toFixed(4)}`;
};
const line = (row) => Array.from({ length: 2 * side + 1 }, (_, column) => corner(column, row));

stdout.write('code,name,wkt\n');
let south = line(0);
for (let row = 0; row < side; row += 1) {
  const [middle, north] = [line(2 * row + 1), line(2 * row + 2)];
  const parcels = Array.from({ length: side }, (_, column) => {
    const at = 2 * column;
    const ring = [...south.slice(at, at + 3), middle[at + 2], ...north.slice(at, at + 3).reverse(), middle[at], south[at]];
    return `M${row * side + column},地块 ${column}-${row},"POLYGON((${ring}))"\n`;
  });
  if (!stdout.write(parcels.join(''))) await once(stdout, 'drain');
  south = north;
}
