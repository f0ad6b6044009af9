using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Explanation;

/// <summary>Where a run looked, image by image. The address is the state: a copied link opens the same picture.</summary>
public sealed partial class ExplanationPage(DatasetStore datasets, DatasetPreparation preparation) : UrlStatePage<ExplanationUrlState>
{
    private RunEvaluation? _evaluation;
    private EvaluatedImages? _images;

    [Parameter]
    public int Id { get; set; }

    // Strings, so that a mistyped address opens the page all the same.
    [SupplyParameterFromQuery(Name = "index")]
    private string? Index { get; set; }

    [SupplyParameterFromQuery(Name = "class")]
    private string? Class { get; set; }

    [SupplyParameterFromQuery(Name = "opacity")]
    private string? Opacity { get; set; }

    [SupplyParameterFromQuery(Name = "colours")]
    private string? Colours { get; set; }

    [SupplyParameterFromQuery(Name = "scale")]
    private string? Scale { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    private string? Show { get; set; }

    [SupplyParameterFromQuery(Name = "threshold")]
    private string? Threshold { get; set; }

    [SupplyParameterFromQuery(Name = "method")]
    private string? Method { get; set; }

    [SupplyParameterFromQuery(Name = "only")]
    private string? Only { get; set; }

    [SupplyParameterFromQuery(Name = "level")]
    private string? Level { get; set; }

    protected override void OnParametersSet()
    {
        var inBar = ExplanationUrlState.Parse(Index, Class, Opacity, Colours, Scale, Show, Threshold, Method, Only, Level);
        Read(inBar);
    }

    private EvaluatedImages ImagesOf(RunEvaluation evaluation)
    {
        if (!ReferenceEquals(_evaluation, evaluation) || _images!.AreBeingDrawn) (_evaluation, _images) = (evaluation, EvaluatedImages.Find(datasets, evaluation.File, preparation));
        return _images!;
    }

    private void Change(ExplanationUrlState address)
    {
        Write(address, address.Of(Id));
    }
}
