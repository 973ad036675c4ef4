// The outline of the world, as Natural Earth has it, at 1:110 and 1:50 million. Said here, so that nobody infers it from the data.
declare module "world-atlas/countries-110m.json" {
  import type { Topology } from "topojson-specification";
  const topology: Topology;
  export default topology;
}
declare module "world-atlas/countries-50m.json" {
  import type { Topology } from "topojson-specification";
  const topology: Topology;
  export default topology;
}
