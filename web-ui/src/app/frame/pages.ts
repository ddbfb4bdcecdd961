import { FolderGit2, ScanEye } from 'lucide-react';

/** The pages of the rail. */
export const pages = [
  { path: '/reviews', name: 'Reviews', icon: ScanEye },
  { path: '/repositories', name: 'Repositories', icon: FolderGit2 },
] as const;
