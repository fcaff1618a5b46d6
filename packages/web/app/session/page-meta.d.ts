declare module '#app' {
  interface PageMeta {
    /** `anyone`: signed in or not. `door`: only for those who are not. Absent: only for those who are. */
    access?: 'anyone' | 'door';
  }
}

export {};
