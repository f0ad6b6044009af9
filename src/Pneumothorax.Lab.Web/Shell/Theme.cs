using MudBlazor;

namespace Pneumothorax.Lab.Web.Shell;

/// <summary>
/// The look of MudBlazor's components. Colours stand here for both themes, as MudBlazor wants them, but what a page shows comes
/// from the same tokens in <c>app.css</c>: the browser switches them before the first paint, which the server cannot.
/// </summary>
public static class Theme
{
    private static readonly string[] s_sans = ["Source Sans 3", "system-ui", "sans-serif"];
    private static readonly string[] s_serif = ["Source Serif 4", "Charter", "Georgia", "serif"];

    public static MudTheme Lab { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#00626B",
            PrimaryContrastText = "#FFFFFF",
            Background = "#F3F6F8",
            BackgroundGray = "#E9EEF2",
            Surface = "#FFFFFF",
            AppbarBackground = "#FFFFFF",
            AppbarText = "#14202B",
            DrawerBackground = "#FFFFFF",
            DrawerText = "#14202B",
            TextPrimary = "#14202B",
            TextSecondary = "#44525F",
            LinesInputs = "#71808D",
            LinesDefault = "#D3DCE3",
            Divider = "#D3DCE3",
            TableLines = "#D3DCE3",
            Success = "#1B6B3A",
            Warning = "#8A5300",
            Error = "#B3261E",
            RippleOpacity = 0,
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#63CBD1",
            PrimaryContrastText = "#06272B",
            Background = "#12181E",
            BackgroundGray = "#0E1318",
            Surface = "#1A222A",
            AppbarBackground = "#1A222A",
            AppbarText = "#E9EFF3",
            DrawerBackground = "#1A222A",
            DrawerText = "#E9EFF3",
            TextPrimary = "#E9EFF3",
            TextSecondary = "#A9B7C2",
            LinesInputs = "#6E7E8C",
            LinesDefault = "#2E3A45",
            Divider = "#2E3A45",
            TableLines = "#2E3A45",
            Success = "#7CCB97",
            Warning = "#F0B45A",
            Error = "#FF9C92",
            RippleOpacity = 0,
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", AppbarHeight = "60px", DrawerWidthLeft = "280px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = s_sans, FontSize = "16px", LineHeight = "1.5", LetterSpacing = "0" },
            H1 = new H1Typography { FontFamily = s_serif, FontSize = "42px", FontWeight = "600", LineHeight = "1.12", LetterSpacing = "-.012em" },
            H2 = new H2Typography { FontFamily = s_serif, FontSize = "27px", FontWeight = "600", LineHeight = "1.22", LetterSpacing = "-.006em" },
            Body1 = new Body1Typography { FontFamily = s_sans, FontSize = "16px", LineHeight = "1.5", LetterSpacing = "0" },
            Body2 = new Body2Typography { FontFamily = s_sans, FontSize = "14px", LineHeight = "1.5", LetterSpacing = "0" },
            Button = new ButtonTypography { FontFamily = s_sans, FontSize = "16px", FontWeight = "600", TextTransform = "none", LetterSpacing = "0" },
        },
        Shadows = Flat(),
    };

    /// <returns>Shadows for menus and dialogs only: the seven lowest elevations lie on the page.</returns>
    private static Shadow Flat()
    {
        var shadow = new Shadow();
        for (var elevation = 1; elevation <= 7; elevation++) shadow.Elevation[elevation] = "none";
        return shadow;
    }
}
