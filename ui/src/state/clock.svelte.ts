/** One ticking clock for every countdown, so that they all move together. */
export class Clock {
  now = $state(Date.now());

  start(): () => void {
    const timer = setInterval(() => {
      this.now = Date.now();
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }
}
