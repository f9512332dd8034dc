import {loadLayoutEngine} from '../../../../apps/tui/src/ui/layout-engine.ts'

void loadLayoutEngine().then(() => import('./hello-world.tsx'))
