// The Lucide names a provider file may use for its actions. Single icons are bundled, so the set is closed.
import Activity from "@lucide/svelte/icons/activity";
import Bell from "@lucide/svelte/icons/bell";
import BellOff from "@lucide/svelte/icons/bell-off";
import Building from "@lucide/svelte/icons/building";
import ChartLine from "@lucide/svelte/icons/chart-line";
import Circle from "@lucide/svelte/icons/circle";
import CircleStop from "@lucide/svelte/icons/circle-stop";
import File from "@lucide/svelte/icons/file";
import Folder from "@lucide/svelte/icons/folder";
import KeyRound from "@lucide/svelte/icons/key-round";
import List from "@lucide/svelte/icons/list";
import ListChecks from "@lucide/svelte/icons/list-checks";
import MapPin from "@lucide/svelte/icons/map-pin";
import Megaphone from "@lucide/svelte/icons/megaphone";
import Nfc from "@lucide/svelte/icons/nfc";
import Package from "@lucide/svelte/icons/package";
import Pencil from "@lucide/svelte/icons/pencil";
import Plus from "@lucide/svelte/icons/plus";
import Radio from "@lucide/svelte/icons/radio";
import Send from "@lucide/svelte/icons/send";
import Smartphone from "@lucide/svelte/icons/smartphone";
import Tag from "@lucide/svelte/icons/tag";
import Trash from "@lucide/svelte/icons/trash";
import User from "@lucide/svelte/icons/user";
import Users from "@lucide/svelte/icons/users";
import Workflow from "@lucide/svelte/icons/workflow";
import Zap from "@lucide/svelte/icons/zap";

const known: Record<string, typeof Circle> = {
  activity: Activity,
  "bell-off": BellOff,
  bell: Bell,
  building: Building,
  "chart-line": ChartLine,
  "circle-stop": CircleStop,
  file: File,
  folder: Folder,
  "key-round": KeyRound,
  "list-checks": ListChecks,
  list: List,
  "map-pin": MapPin,
  megaphone: Megaphone,
  nfc: Nfc,
  package: Package,
  pencil: Pencil,
  plus: Plus,
  radio: Radio,
  send: Send,
  smartphone: Smartphone,
  tag: Tag,
  trash: Trash,
  user: User,
  users: Users,
  workflow: Workflow,
  zap: Zap,
};

export const iconOf = (name: string): typeof Circle => known[name] ?? Circle;
