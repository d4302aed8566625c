/** The tasks and flows of forecasts. */
export { Archive, FetchForecast, type Forecast, Forecasts, SendMail, Summarise } from "../src/forecasts.js";
