// The event page: the reader's own clock.
import { setUpZoneSwitch } from "./lib/zone.js";

setUpZoneSwitch();
