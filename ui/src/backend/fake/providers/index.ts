import type { ProviderView } from "../../../bindings";
import { anotherApi } from "./another-api";
import { imageRelay } from "./image-relay";
import { own } from "./own";
import { relay } from "./relay";
import { spokeZone } from "./spoke-zone";
import { wazo } from "./wazo";
import { worldOfWorkflows } from "./world-of-workflows";

export const providers = (): ProviderView[] => [
  relay,
  imageRelay,
  spokeZone,
  wazo,
  worldOfWorkflows,
  anotherApi,
  own,
];
