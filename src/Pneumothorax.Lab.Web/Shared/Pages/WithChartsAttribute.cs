namespace Pneumothorax.Lab.Web.Shared.Pages;

/// <summary>On a page that draws charts: Plotly, over a megabyte of script, is made ready while the page waits for its data.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WithChartsAttribute : Attribute;
