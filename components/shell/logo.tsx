/** The logo: three lanes, the best on top. It is decorative, since the name is next to it. */
export function Logo({ className = 'size-6' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <rect x="7" y="8" width="18" height="4" rx="2" className="fill-on-accent" />
      <rect x="7" y="14" width="12" height="4" rx="2" className="fill-on-accent opacity-75" />
      <rect x="7" y="20" width="7" height="4" rx="2" className="fill-on-accent opacity-50" />
    </svg>
  );
}
