import "@testing-library/jest-dom/vitest";

// happy-dom draws nothing, so there is nothing to scroll to.
Element.prototype.scrollIntoView = () => undefined;
