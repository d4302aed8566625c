/** The tasks and flows of forecasts. */
export { FetchForecast, type Forecast, Forecasts, Summarise } from "../src/forecasts.js";
