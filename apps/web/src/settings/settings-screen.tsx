import {useApp} from '../app-context.ts'
import {NotificationSetting} from '../notifications/notification-setting.tsx'

/** What this device is to the server. */
export function SettingsScreen() {
  const {device, notifier, unpair} = useApp()
  return (
    <section className="form">
      <h1>This device</h1>
      <p>{device?.name ?? 'Not known'}</p>
      <button type="button" className="button" onClick={() => void unpair()}>
        Unpair this device
      </button>
      <NotificationSetting notifier={notifier} />
    </section>
  )
}
