from .loader import GarageLoader
from .remover import GarageRemover
