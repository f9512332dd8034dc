import './zod-without-jit.ts'
import './style/tokens.css'
import './style/base.css'
import './style/layout.css'
import './style/output-colors.css'
import {createRoot} from 'react-dom/client'

import {begin, Page} from './page/page.tsx'
import {reloadWhenUpgraded} from './page/reload-when-upgraded.ts'
import {followVisibleArea} from './visible-area.ts'

const root = document.getElementById('page')
if (root === null) throw new Error('Expected an element with the id `page`')
reloadWhenUpgraded()
void begin()
followVisibleArea()
createRoot(root).render(<Page />)
