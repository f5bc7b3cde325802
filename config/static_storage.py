"""Static files named after their content, imports inside ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleAwareStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hash also what `import … from "./x.js";` names, so that a module graph can be cached for ever."""

    support_js_module_import_aggregation = True
