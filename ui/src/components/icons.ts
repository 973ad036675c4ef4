// The Lucide names a provider file may use for its actions. Single icons are bundled, so the set is closed.
import type { Component } from "svelte";
import Activity from "@lucide/svelte/icons/activity";
import Bell from "@lucide/svelte/icons/bell";
import BellOff from "@lucide/svelte/icons/bell-off";
import Building from "@lucide/svelte/icons/building";
import ChartLine from "@lucide/svelte/icons/chart-line";
import Circle from "@lucide/svelte/icons/circle";
import CircleStop from "@lucide/svelte/icons/circle-stop";
import Download from "@lucide/svelte/icons/download";
import File from "@lucide/svelte/icons/file";
import Folder from "@lucide/svelte/icons/folder";
import FolderInput from "@lucide/svelte/icons/folder-input";
import FolderPlus from "@lucide/svelte/icons/folder-plus";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Image from "@lucide/svelte/icons/image";
import KeyRound from "@lucide/svelte/icons/key-round";
import Library from "@lucide/svelte/icons/library";
import Link from "@lucide/svelte/icons/link";
import List from "@lucide/svelte/icons/list";
import ListChecks from "@lucide/svelte/icons/list-checks";
import ListPlus from "@lucide/svelte/icons/list-plus";
import MapPin from "@lucide/svelte/icons/map-pin";
import Megaphone from "@lucide/svelte/icons/megaphone";
import Nfc from "@lucide/svelte/icons/nfc";
import Package from "@lucide/svelte/icons/package";
import Pause from "@lucide/svelte/icons/pause";
import Pencil from "@lucide/svelte/icons/pencil";
import Play from "@lucide/svelte/icons/play";
import Plus from "@lucide/svelte/icons/plus";
import Radio from "@lucide/svelte/icons/radio";
import Search from "@lucide/svelte/icons/search";
import Send from "@lucide/svelte/icons/send";
import Smartphone from "@lucide/svelte/icons/smartphone";
import Tag from "@lucide/svelte/icons/tag";
import Tags from "@lucide/svelte/icons/tags";
import Trash from "@lucide/svelte/icons/trash";
import Upload from "@lucide/svelte/icons/upload";
import User from "@lucide/svelte/icons/user";
import Users from "@lucide/svelte/icons/users";
import Webhook from "@lucide/svelte/icons/webhook";
import Workflow from "@lucide/svelte/icons/workflow";
import Zap from "@lucide/svelte/icons/zap";

/** A Lucide icon. */
export type Icon = Component<{
  size?: number | string;
  "aria-hidden"?: boolean | "true" | "false";
}>;

const known: Record<string, typeof Circle> = {
  activity: Activity,
  bell: Bell,
  "bell-off": BellOff,
  building: Building,
  "chart-line": ChartLine,
  "circle-stop": CircleStop,
  download: Download,
  file: File,
  folder: Folder,
  "folder-input": FolderInput,
  "folder-plus": FolderPlus,
  hourglass: Hourglass,
  image: Image,
  "key-round": KeyRound,
  library: Library,
  link: Link,
  list: List,
  "list-checks": ListChecks,
  "list-plus": ListPlus,
  "map-pin": MapPin,
  megaphone: Megaphone,
  nfc: Nfc,
  package: Package,
  pause: Pause,
  pencil: Pencil,
  play: Play,
  plus: Plus,
  radio: Radio,
  search: Search,
  send: Send,
  smartphone: Smartphone,
  tag: Tag,
  tags: Tags,
  trash: Trash,
  upload: Upload,
  user: User,
  users: Users,
  webhook: Webhook,
  workflow: Workflow,
  zap: Zap,
};

export const iconOf = (name: string): typeof Circle => known[name] ?? Circle;
