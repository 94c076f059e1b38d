export type KamailioRole =
  /** Another operator: its own subscribers register and call each other; what else they dial goes to the exchange. */
  | 'operator'
  /** A carrier that asks everybody who calls who it is, and takes registrations. */
  | 'carrier'
  /** A partner's centre that sends every call back to where calls are connected. */
  | 'loop';

export type KamailioWish = {
  readonly role: KamailioRole;
  readonly address: string;
  readonly port: number;
  readonly realm: string;
  /** Its users and their passwords. */
  readonly users: Readonly<Record<string, string>>;
  /** Where calls go that it cannot connect itself: `127.0.0.1:5060`. */
  readonly exchange?: string;
  /** Speaks TLS with the exchange, at a port of its own. */
  readonly tls?: {
    readonly port: number;
    readonly certificateFile: string;
    readonly keyFile: string;
    readonly authoritiesFile: string;
  };
  /** The longest registration it grants. */
  readonly mostExpiresSeconds?: number;
};

const MODULES =
  'tm tmx sl rr pv maxfwd usrloc registrar textops siputils xlog auth htable nathelper kex corex'.split(' ');

/** Kamailio's configuration: written so that every call and registration leaves a line in its log. */
export function configurationOf(wish: KamailioWish): string {
  const { role, address, port, users, mostExpiresSeconds = 3600 } = wish;
  return `#!KAMAILIO
debug=1
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
tcp_source_ipv4=${address}
listen=udp:${address}:${port}
listen=tcp:${address}:${port}
${wish.tls === undefined ? '' : `enable_tls=yes\nlisten=tls:${address}:${wish.tls.port}`}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/:/usr/lib/aarch64-linux-gnu/kamailio/modules/"
${MODULES.map((name) => `loadmodule "${name}.so"`).join('\n')}
${tlsModule(wish)}
modparam("registrar", "max_expires", ${mostExpiresSeconds})
modparam("registrar", "min_expires", 1)
modparam("registrar", "gruu_enabled", 0)
modparam("usrloc", "db_mode", 0)
modparam("usrloc", "timer_interval", 1)
modparam("htable", "htable", "passwords=>size=8;")
modparam("rr", "enable_full_lr", 1)

${passwords(users)}

request_route {
  if (!mf_process_maxfwd_header("70")) {
    sl_send_reply("483", "Too Many Hops");
    exit;
  }
  if (is_method("CANCEL")) {
    if (t_check_trans()) { t_relay(); }
    exit;
  }
  if (has_totag()) {
    if (loose_route() || is_method("ACK") || uri != myself) { t_relay(); exit; }
    sl_send_reply("481", "Call Does Not Exist");
    exit;
  }
  if (is_method("ACK")) { exit; }
  t_check_trans();
  if (is_method("OPTIONS") && !(is_present_hf("Route"))) {
    sl_send_reply("200", "OK");
    exit;
  }
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("$td", "$sht(passwords=>$au)", "0")) {
      www_challenge("$td", "1");
      exit;
    }
    if ($au != $tU) { sl_send_reply("403", "Forbidden"); exit; }
    save("location");
    xlog("L_NOTICE", "REGISTERED $tU|$hdr(Contact)|$hdr(Expires)|$si\\n");
    exit;
  }
  if (is_method("INVITE")) {
    xlog("L_NOTICE", "CALL $rU|$fU|$hdr(P-Asserted-Identity)|$si\\n");
    record_route();
  }
${CALLS[role](wish)}
}
`;
}

function tlsModule({ tls }: KamailioWish): string {
  if (tls === undefined) return '';
  return `loadmodule "tls.so"
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "certificate", "${tls.certificateFile}")
modparam("tls", "private_key", "${tls.keyFile}")
modparam("tls", "ca_list", "${tls.authoritiesFile}")
modparam("tls", "verify_certificate", 1)
modparam("tls", "require_certificate", 0)`;
}

const CALLS: Readonly<Record<KamailioRole, (wish: KamailioWish) => string>> = {
  operator: (wish) => `
  if (!(${isFrom(wish)})) {
    if (!pv_proxy_authenticate("${wish.realm}", "$sht(passwords=>$au)", "0")) {
      proxy_challenge("${wish.realm}", "1");
      exit;
    }
    consume_credentials();
  }
  if (lookup("location")) { t_relay(); exit; }
  if (${isFrom(wish)}) { sl_send_reply("404", "Not Found"); exit; }
${onward(wish)}`,
  carrier: (wish) => `
  if (!pv_proxy_authenticate("${wish.realm}", "$sht(passwords=>$au)", "0")) {
    proxy_challenge("${wish.realm}", "1");
    exit;
  }
  consume_credentials();
  if (lookup("location")) { t_relay(); exit; }
${onward(wish)}`,
  loop: onward,
};

function passwords(users: KamailioWish['users']): string {
  const lines = Object.entries(users).map(
    ([user, password]) => `  $sht(passwords=>${user}) = "${password}";`,
  );
  // An empty route is a mistake to Kamailio.
  return lines.length === 0 ? '' : ['event_route[htable:mod-init] {', ...lines, '}'].join('\n');
}

/** Whether a request comes from the exchange: by its address and port, over TLS by its address alone. */
function isFrom({ exchange = '0.0.0.0:0', tls }: KamailioWish): string {
  const [host, port] = exchange.split(':');
  return `$si == "${host}" && ${tls === undefined ? `$sp == ${port}` : '$proto == "tls"'}`;
}

function onward({ exchange, tls }: KamailioWish): string {
  if (exchange === undefined) return '  sl_send_reply("404", "Not Found");';
  return `  $du = "sip:${exchange}${tls === undefined ? '' : ';transport=tls'}";
  t_relay();`;
}
