// What every page needs: colours, menus, copy buttons, filter forms.
import { setUpCopyButtons } from "./lib/copy.js";
import { setUpAutoSubmit } from "./lib/forms.js";
import { setUpMenus } from "./lib/menu.js";
import { setUpThemeToggle } from "./lib/theme.js";

setUpThemeToggle();
setUpMenus();
setUpCopyButtons();
setUpAutoSubmit();
