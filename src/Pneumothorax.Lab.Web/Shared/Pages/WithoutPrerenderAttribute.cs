namespace Pneumothorax.Lab.Web.Shared.Pages;

/// <summary>On a page that would load its data twice: it is drawn once, when the connection stands.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WithoutPrerenderAttribute : Attribute;
