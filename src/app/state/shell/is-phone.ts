/** A small touch screen: a telephone, by the browser's own word where it gives it. */
export function isPhone(): boolean {
  const { userAgentData } = navigator as Navigator & { userAgentData?: { mobile: boolean } };
  if (userAgentData) return userAgentData.mobile;
  return matchMedia('(pointer: coarse)').matches && Math.min(screen.width, screen.height) < 600;
}
